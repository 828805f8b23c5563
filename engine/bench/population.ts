/**
 * Who lives in the benchmark's database: one large tenant, 49 of middle size, many small ones, and how every id is made of its place,
 * so that the loader, the requests and the checks speak of the same records without asking. Knows no database.
 */

/** A tenant of the benchmark and how much is in it. */
export interface BenchTenant {
  readonly no: number
  readonly id: string
  readonly deals: number
  readonly customers: number
  readonly products: number
  readonly reps: number
  readonly admins: number
  readonly branches: number
}

/** How large a run's database is. */
export interface Population {
  /** Deals of the large tenant; its customers are a sixth, its products a sixtieth of them. */
  readonly deals: number
  readonly small: number
}

/** Tenants that requests go to: the large one and those of middle size. */
export const SERVED_TENANTS = 50

/** The first two hexadecimal digits of a record's last group. */
export const KINDS = { tenant: 0, unit: 1, rep: 2, admin: 3, customer: 4, product: 5, deal: 6, session: 7 } as const
export type Kind = keyof typeof KINDS

/** The moment of the first record, and the time from one to the next: 300,000 records fill two years and a half. */
export const FIRST_AT = Date.UTC(2024, 0, 1)
export const STEP_MS = 256_000

/** The id of a record: version 7 of its time, then tenant, kind and place. */
export function idOf(tenantNo: number, kind: Kind, place: number): string {
  const time = (FIRST_AT + place * STEP_MS).toString(16).padStart(12, '0')
  const rest = `${tenantNo.toString(16).padStart(4, '0')}${KINDS[kind].toString(16).padStart(2, '0')}${place.toString(16).padStart(6, '0')}`
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${rest}`
}

/** The same as SQL over expressions of integers. */
export function idSql(tenantNo: string, kind: Kind, place: string): string {
  const time = `lpad(to_hex(${FIRST_AT}::int8 + (${place})::int8 * ${STEP_MS}), 12, '0')`
  const rest = `lpad(to_hex(${tenantNo}), 4, '0') || '${KINDS[kind].toString(16).padStart(2, '0')}' || lpad(to_hex((${place})::int8), 6, '0')`
  return `(left(${time}, 8) || '-' || right(${time}, 4) || '-7000-8000-' || ${rest})`
}

/** Everybody, the large tenant first. */
export function tenantsOf({ deals, small }: Population): BenchTenant[] {
  const tenant = (no: number, sizes: Omit<BenchTenant, 'no' | 'id'>): BenchTenant => ({ no, id: idOf(no, 'tenant', no), ...sizes })
  const share = (part: number, least: number): number => Math.max(least, Math.round(deals / part))
  const large = { deals, customers: share(6, 50), products: share(60, 20), reps: 100, admins: 60, branches: 10 }
  const middle = { deals: share(150, 100), customers: share(600, 25), products: share(3000, 10), reps: 10, admins: 4, branches: 3 }
  const little = { deals: 50, customers: 20, products: 10, reps: 2, admins: 1, branches: 1 }
  return [
    tenant(1, large),
    ...Array.from({ length: SERVED_TENANTS - 1 }, (_, at) => tenant(at + 2, middle)),
    ...Array.from({ length: small }, (_, at) => tenant(at + SERVED_TENANTS + 1, little)),
  ]
}

/** The branch a rep works in: his place among the branches after the company itself, which is the unit of place 1. */
export function branchOf(tenant: BenchTenant, rep: number): number {
  return 2 + (rep % tenant.branches)
}

/** Words that deals are named after, the first of them in half of all names, the last in one of 4,096. */
export const NAME_WORDS = [
  'supply',
  'service',
  'retrofit',
  'cabling',
  'relocation',
  'forklift',
  'gantry',
  'bearings',
  'lighting',
  'conveyor',
  'silo',
  'turbine',
] as const
