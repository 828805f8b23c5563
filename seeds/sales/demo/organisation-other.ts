/** The second demo company itself: its settings and its two people. */
import { refTo, type SeedTenant, type SeedUser } from './records.ts'

export const OTHER_TENANT: SeedTenant = {
  key: 'other',
  name: 'Kestrel Coffee Roasters',
  locale: 'en',
  currency: 'GBP',
  time_zone: 'Europe/London',
}

/** Everyone of the tenant `other`. */
export function otherUsers(): SeedUser[] {
  return [person('admin', 'Rachel Doyle', 'admin', 'Managing director'), person('rep', 'Callum Reynolds', 'rep', 'Trade sales')]
}

function person(ref: string, name: string, role: string, title: string): SeedUser {
  return {
    ref: `user/${ref}`,
    email: `${ref}@other.test`,
    name,
    actor: 'employee',
    roles: [role],
    locale: 'en',
    time_zone: 'Europe/London',
    signs_in: true,
    org_unit_id: refTo('org_unit/company'),
    values: { job_title: title },
  }
}
