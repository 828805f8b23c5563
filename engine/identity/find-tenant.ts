/**
 * From what people type for a tenant to its id, and from a tenant and an address to a credential, before anyone is signed in.
 * A tenant or address that does not exist takes the same road as one that does.
 */
import { type Database, NO_TENANT } from '../platform/index.ts'

/** What sign-in needs of a credential. */
export interface Credential {
  readonly user_id: string
  readonly email: string
  readonly password_hash: string | null
  readonly epoch: number
  readonly locale: string | null
}

/** The id of the tenant with this key; NO_TENANT, who has no users, when there is none. */
export async function findTenant(database: Database, key: string): Promise<string> {
  const [row] = await database.readAs(NO_TENANT, connection =>
    connection.run<{ id: string }>({ name: 'tenant_by_key', text: 'select id from nexus.tenant_by_key($1)', values: [key] }),
  )
  return row?.id ?? NO_TENANT
}

/** Whether there is a tenant with this key. */
export async function isTenant(database: Database, key: string): Promise<boolean> {
  return (await findTenant(database, key)) !== NO_TENANT
}

/** The credential of an address; undefined when there is none. */
export async function findCredential(database: Database, tenantId: string, email: string): Promise<Credential | undefined> {
  const [row] = await database.readAs(tenantId, connection =>
    connection.run<Credential & Readonly<Record<string, unknown>>>({
      name: 'credential_by_email',
      text: 'select user_id, email, password_hash, epoch, locale from nexus.credential where tenant_id = $1 and email = $2',
      values: [tenantId, email],
    }),
  )
  return row
}

/** The one spelling of an address under which a person signs in. */
export function canonicalEmail(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}
