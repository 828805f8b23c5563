/** Identity: who calls, for which tenant, with which rights, and the people, sessions, keys and tenants behind that. */
export { isWithin } from './containment.ts'
export { createIdentity, type Identity, type IdentityParts } from './create-identity.ts'
export {
  insistOnEpochs,
  isStale,
  lockTenantAlone,
  requireCurrentEpochs,
  requireRevision,
  STATE_OF_OVERTAKEN_CALLER,
} from './epochs.ts'
export { spoolTo } from './mail-spool.ts'
export { REFRESH_COOKIE } from './refresh-cookie.ts'
export { guardPeople, type PersonChange } from './guard-people.ts'
export { requireAdministratorLeft } from './manage.ts'
export type { NewKey, NewKeyView } from './api-keys.ts'
export type { NewTenant } from './create-tenant.ts'
export type { NewUser, UserChange, UserView } from './users.ts'
export type {
  Act,
  AppendAudit,
  Around,
  Deliver,
  IdentityConfig,
  LiveModel,
  Mail,
  ModelSource,
  PeopleRecords,
  Person,
  PersonValues,
  PreparedWrite,
  Visit,
} from './types.ts'
