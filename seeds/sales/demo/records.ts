/**
 * The form of demo data: plain records that name each other by symbolic references, in an order in which they can be created.
 * Knows no engine, no ids and no clock.
 */

/** Stands for the id of a record that is created earlier. */
export interface Ref {
  readonly ref: string
}

/** One record: its symbolic name and its values as they would be posted, references apart. */
export interface SeedRecord {
  readonly ref: string
  readonly values: Readonly<Record<string, unknown>>
}

/** Records of one entity that refer only to records of earlier batches. */
export interface SeedBatch {
  readonly entity: string
  readonly records: readonly SeedRecord[]
}

/** A person: the record of entity `user` and what sign-in needs to know. */
export interface SeedUser {
  readonly ref: string
  readonly email: string
  readonly name: string
  readonly actor: 'employee' | 'client' | 'supplier' | 'professional'
  readonly roles: readonly string[]
  readonly locale: 'en' | 'ru' | 'uk' | 'es'
  readonly time_zone: string
  /** The unit the person belongs to; people from outside have none. */
  readonly org_unit_id: Ref | null
  /** Gets the demo password; the others are colleagues in the directory who can not sign in. */
  readonly signs_in: boolean
  /** Further fields of the user record. */
  readonly values: Readonly<Record<string, unknown>>
}

/** The tenant's own settings. */
export interface SeedTenant {
  readonly key: string
  readonly name: string
  readonly locale: 'en' | 'ru' | 'uk' | 'es'
  readonly currency: string
  readonly time_zone: string
}

/** Everything one demo tenant begins with: units first, then people, then the rest in order. */
export interface DemoData {
  readonly tenant: SeedTenant
  readonly units: readonly SeedBatch[]
  readonly users: readonly SeedUser[]
  readonly batches: readonly SeedBatch[]
}

/** A reference to the record of that symbolic name. */
export function refTo(ref: string): Ref {
  return { ref }
}

/** Who wrote a record first and last, and when: what an import of history says. */
export function writtenBy(user: string, created: string, changed: string = created): Record<string, unknown> {
  return { created_at: created, created_by: refTo(user), updated_at: changed, updated_by: refTo(user) }
}

/** True for a reference that still waits for its id. */
export function isRef(value: unknown): value is Ref {
  return typeof value === 'object' && value !== null && 'ref' in value && typeof value.ref === 'string' && Object.keys(value).length === 1
}

/** The members that have a value: a record leaves out what it does not know. */
export function known(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null))
}
