/** What stands in a benchmark's record: one SQL expression per field over the tenant `t` and the place `n`. Knows keys of fields, no storage. */
import { idSql, NAME_WORDS } from './population.ts'

/** A number from 0 to 1 made of place, tenant and a seed: the same in every run. */
export function chance(seed: number): string {
  return `((hashint8extended(n::int8 * 65536 + t.no, ${seed}) & 1048575) / 1048576.0)`
}

const text = (sql: string): string => `to_jsonb((${sql})::text)`
const oneOf = (seed: number, values: readonly string[]): string =>
  `(array[${values.map(each => `'${each}'`).join(', ')}])[1 + floor(${chance(seed)} * ${values.length})::int]`
const some = (seed: number, share: number, sql: string): string => `case when ${chance(seed)} < ${share} then ${sql} end`
const day = (seed: number, from: string, days: number): string =>
  `to_char(date '${from}' + floor(${chance(seed)} * ${days})::int, 'YYYY-MM-DD')`
const place = (seed: number, of: string): string => `1 + floor(${chance(seed)} * ${of})::int`

/** Word k stands in one of 2^(k+1) names. */
const WORD = `(array[${[...NAME_WORDS, NAME_WORDS.at(-1)].map(each => `'${each}'`).join(', ')}])[least(${NAME_WORDS.length + 1}, 1 + floor(-log(2::numeric, greatest(0.00001, ${chance(21)})::numeric))::int)]`
const STAGE = oneOf(22, ['lead', 'qualified', 'proposal', 'negotiation', 'won', 'lost', 'qualified', 'proposal', 'won', 'lost'])
const AMOUNT = `round((100 + ${chance(23)} * 99900)::numeric, 2)`
const PROBABILITY = `(10 * (1 + floor(${chance(24)} * 9)))::int`
const WEIGHTED = `round(case ${STAGE} when 'won' then ${AMOUNT} when 'lost' then 0 else ${AMOUNT} * ${PROBABILITY} / 100 end, 2)`

/** Who owns a record, and the branch he works in. */
interface Owned {
  readonly owner: string
  readonly unit: string
}
const ownedBy = (rep: string): Owned => ({ owner: idSql('t.no', 'rep', rep), unit: idSql('t.no', 'unit', `2 + (${rep}) % t.branches`) })

/** Customers belong to the reps in turn, deals to anyone. */
export const CUSTOMER_OWNED = ownedBy('1 + (n - 1) % t.reps')
const DEAL_REP = place(25, 't.reps')
export const DEAL_OWNED = ownedBy(DEAL_REP)
/** A rep sells to his own customers, and now and then to somebody else's. */
const DEAL_CUSTOMER = `case when ${chance(44)} < 0.05 then ${place(27, 't.customers')} else ${DEAL_REP} + t.reps * floor(${chance(27)} * greatest(1, t.customers / t.reps))::int end`

/** Fields of deals. */
export const DEAL: Readonly<Record<string, string>> = {
  number: text(`'D-2026-' || lpad(n::text, 7, '0')`),
  name: text(
    `initcap(${oneOf(26, ['northwind', 'globex', 'initech', 'umbrella', 'acme', 'hooli', 'vandelay', 'soylent'])}) || ' ' || ${WORD} || ' ' || n`,
  ),
  sales_process: text(`'new_business'`),
  stage: text(STAGE),
  customer: text(idSql('t.no', 'customer', DEAL_CUSTOMER)),
  amount: text(AMOUNT),
  probability: text(PROBABILITY),
  weighted_amount: text(WEIGHTED),
  expected_close_on: text(day(28, '2026-01-01', 720)),
  closed_on: `case when ${STAGE} in ('won', 'lost') then ${text(day(29, '2025-06-01', 360))} end`,
  lost_reason: `case when ${STAGE} = 'lost' then ${text(oneOf(30, ['price', 'competitor', 'no_budget', 'no_decision']))} end`,
  source: some(31, 0.7, text(oneOf(32, ['website', 'referral', 'trade_fair', 'partner', 'tender']))),
  product: some(33, 0.8, text(idSql('t.no', 'product', place(34, 't.products')))),
  lines_total: text(`'0.00'`),
  margin_total: text(`'0.00'`),
  next_step: some(
    35,
    0.6,
    text(oneOf(36, ['Call the buyer back', 'Send the revised offer', 'Visit the site with the planner', 'Wait for the tender'])),
  ),
  next_step_on: some(35, 0.6, text(day(37, '2026-10-01', 120))),
  external_id: some(38, 0.2, text(`'X' || n`)),
  tags: some(39, 0.3, `to_jsonb(array[${oneOf(40, ['key', 'export', 'framework'])}, ${oneOf(41, ['south', 'north', 'coast'])}])`),
  description: some(42, 0.5, text(`repeat('Delivery on site, unloading by the customer, papers in two languages. ', ${place(43, '3')})`)),
}

/** Fields of customers. */
export const CUSTOMER: Readonly<Record<string, string>> = {
  number: text(`'C-' || lpad(n::text, 7, '0')`),
  name: text(
    `initcap(${oneOf(51, ['bluestone', 'harbour', 'linden', 'meridian', 'alpine', 'delta', 'orchard', 'pioneer'])}) || ' ' || ${oneOf(52, ['Fabrication', 'Logistics', 'Foods', 'Tools', 'Energy', 'Paper'])} || ' ' || n`,
  ),
  party: `to_jsonb(array['client'])`,
  status: text(oneOf(53, ['active', 'active', 'active', 'prospect'])),
  industry: text(oneOf(54, ['manufacturing', 'retail'])),
  email: text(`'office' || n || '@customer.example'`),
  billing_address: `jsonb_build_object('line1', n || ' Harbor Street', 'city', 'Portland', 'country', 'US', 'postal_code', '97209')`,
  currency: text(`'EUR'`),
  open_deals: `to_jsonb(0)`,
}

/** Fields of products. */
export const PRODUCT: Readonly<Record<string, string>> = {
  sku: text(`'SKU-' || lpad(n::text, 7, '0')`),
  name: text(`${oneOf(61, ['Bearing', 'Conveyor belt', 'Lamp', 'Pump', 'Sensor', 'Valve'])} || ' ' || n`),
  kind: text(oneOf(62, ['good', 'good', 'service'])),
  price: text(`round((5 + ${chance(63)} * 995)::numeric, 2)`),
  active: `to_jsonb(true)`,
}
