/** Rates of exchange into the tenant's currency, from records of the system entity `exchange_rate`. */
import { EXCHANGE_RATE_ENTITY } from '../model/index.ts'
import type { CompiledModel } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'

/** The rate in force on a day (before the first one, the first): tenant currency per unit, as a decimal; null where none is known. */
export interface RateTable {
  rate(currency: string, date: string): string | null
}

/** Where every amount is in the tenant's own currency. */
export const NO_RATES: RateTable = { rate: () => null }

/** Reads the tenant's rates; a tenant has hundreds, not millions. */
export async function loadRates(connection: TenantConnection, model: CompiledModel): Promise<RateTable> {
  const entity = model.entities.get(EXCHANGE_RATE_ENTITY)
  const no = (key: string): string => entity?.fields.get(key)?.no ?? ''
  if (entity === undefined) return NO_RATES
  const rows = await connection.run<{ currency: string; valid_from: string; rate: string }>({
    text: 'select data->>$3 as currency, data->>$4 as valid_from, data->>$5 as rate from nexus.record where tenant_id = $1 and entity_no = $2 and deleted_at is null order by data->>$4 desc',
    values: [connection.tenantId, entity.no, no('currency'), no('valid_from'), no('rate')],
  })
  const of = (currency: string): typeof rows => rows.filter(row => row.currency === currency)
  // A day before the first known rate takes that first one: a customer may be older than the tenant's books.
  return { rate: (currency, date) => (of(currency).find(row => row.valid_from <= date) ?? of(currency).at(-1))?.rate ?? null }
}
