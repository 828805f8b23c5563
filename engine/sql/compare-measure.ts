/** Compares a measure of a group with an operand, in the unit the measure is computed in: scaled whole numbers, or instants. */
import type { Scalar } from '../../metadata/predicate.ts'
import type { Measure, MeasureTest } from '../plan/types.ts'
import type { SqlText } from './sql-text.ts'

const COMPLEMENT: Readonly<Partial<Record<string, 'eq' | 'in'>>> = { ne: 'eq', not_in: 'in' }
const SIGN: Readonly<Partial<Record<string, string>>> = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' }

/** SQL of one test on the column of a measure; two-valued, as everywhere. */
export function compareMeasure(sql: SqlText, column: string, measure: Measure, test: MeasureTest, meanDigits: number): string {
  const complement = COMPLEMENT[test.operator]
  const positive = renderPositive(sql, column, complement ?? test.operator, test.operand, value => bound(sql, measure, value, meanDigits))
  return (complement !== undefined) === test.negated ? positive : `(${positive}) is not true`
}

function renderPositive(
  sql: SqlText,
  column: string,
  operator: string,
  operand: MeasureTest['operand'],
  bind: (value: Scalar) => string,
): string {
  switch (operand.shape) {
    case 'flag':
      return `${column} is ${operand.flag ? '' : 'not '}null`
    case 'interval':
      return `(${column} >= ${bind(operand.from)} and ${column} < ${bind(operand.to)})`
    case 'range':
      return operand.low === null || operand.high === null ? 'false' : `${column} between ${bind(operand.low)} and ${bind(operand.high)}`
    case 'many':
      return operand.values.length === 0 ? 'false' : `${column} in (${operand.values.map(bind).join(', ')})`
    case 'one':
      return operand.value === null ? 'false' : `${column} ${SIGN[operator] ?? '='} ${bind(operand.value)}`
    case 'ids':
      return 'false'
  }
}

/** An operand in the measure's unit. */
function bound(sql: SqlText, { fn, value }: Measure, operand: Scalar, meanDigits: number): string {
  if (value === null || fn === 'count' || fn === 'count_distinct') return sql.bind(operand, 'numeric')
  const { type, definition, kind } = value.field
  if (kind === 'date' || kind === 'datetime') return sql.bind(type.slotOperand(operand, definition), 'timestamptz')
  const digits = (type.scaleOf?.(definition) ?? 0) + (fn === 'avg' ? meanDigits : 0)
  return `(${sql.bind(operand, 'numeric')} * ${10 ** digits})`
}
