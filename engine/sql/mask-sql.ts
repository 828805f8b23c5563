/** Masked forms of a value, made inside the database so that the plain value never leaves it. */
import type { MaskName } from '../model/types.ts'
import type { SqlText } from './sql-text.ts'

const DOTS = '••••'

/** SQL of the masked text of `value` (an SQL text expression); null stays null. */
export function maskText(sql: SqlText, mask: MaskName, value: string): string {
  // Bound only where it is used: Postgres refuses a parameter that no part of the statement names.
  const dots = (): string => sql.bind(DOTS, 'text')
  switch (mask) {
    case 'last4':
      return `case when char_length(${value}) > 4 then ${dots()} || right(${value}, 4) when ${value} is not null then ${dots()} end`
    case 'first1':
      return `case when ${value} is not null then left(${value}, 1) || ${dots()} end`
    case 'email':
      return `case when ${value} is not null then left(${value}, 1) || ${dots()} || coalesce(substring(${value} from '@[^@]*$'), '') end`
    case 'hash':
      // Equal values look equal inside one tenant and say nothing across tenants: the tenant's id salts the digest.
      return `case when ${value} is not null then left(encode(sha256(convert_to(${sql.bind(sql.tenantId, 'text')} || '/' || ${value}, 'UTF8')), 'hex'), 12) end`
    case 'range':
      return rangeText(value)
  }
}

/** The power of ten a number lies in: 1250.00 → "1000–9999". Texts give their length class. */
function rangeText(value: string): string {
  const isNumber = `${value} ~ '^-?[0-9]{1,18}(\\.[0-9]+)?$'`
  const digits = `char_length(trunc(abs(${value}::numeric))::text)`
  return `case when ${value} is null then null when ${isNumber} then (case when ${value}::numeric < 0 then '-' else '' end) || (case when ${digits} = 1 then '0' else rpad('1', ${digits}, '0') end) || '–' || repeat('9', ${digits}) else '…' end`
}
