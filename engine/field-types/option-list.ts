/**
 * Options of choices: their numbers, their names in cells and in schemas. An option's place in the list is its place in order.
 * Knows the options only.
 */
import { foldText } from '../../metadata/fold.ts'
import type { Option } from '../../metadata/generated/types.ts'
import type { CellScope, JsonSchema, SchemaScope } from './field-type.ts'
import { type Refusal, refuse } from './refusal.ts'
import { sqlLiteral } from './sql-literal.ts'

/** The key an option sorts by: its place as four digits; null for what is no option. */
export function optionKey(value: unknown, options: readonly Option[]): string | null {
  const place = options.findIndex(option => option.value === value)
  return place < 0 ? null : String(place + 1).padStart(4, '0')
}

/** SQL of the same key over an expression of the option's value. */
export function optionKeySql(json: string, options: readonly Option[]): string {
  const branches = options.map((option, place) => `when ${sqlLiteral(option.value)} then '${String(place + 1).padStart(4, '0')}'`)
  return `(case ${json} ${branches.join(' ')} end)`
}

/** Schema of one option's value, with its label as title. */
export function optionSchema(options: readonly Option[], scope: SchemaScope): JsonSchema {
  const offered = options.filter(option => option.retired !== true || scope.retired === true)
  // Where every option was retired, nothing fits.
  if (offered.length === 0) return { type: 'string', not: {} }
  return { type: 'string', oneOf: offered.map(option => ({ const: option.value, title: scope.label(option.label, option.value) })) }
}

/** The option a cell means: its value, its label in the reader's language, or a label in any other, in this order; case does not matter. */
export function parseOptionCell(
  cell: string,
  options: readonly Option[],
  scope: CellScope,
): { readonly ok: true; readonly value: string } | Refusal {
  const written = cell.trim().normalize('NFC')
  if (options.some(option => option.value === written)) return { ok: true, value: written }
  const folded = foldText(written)
  const readings: ((option: Option) => readonly string[])[] = [
    option => [labelIn(option, scope.locale)],
    option => Object.values(option.label),
    option => [option.value],
  ]
  for (const names of readings) {
    const [found, second] = options.filter(option => names(option).some(name => foldText(name.normalize('NFC').trim()) === folded))
    if (found === undefined) continue
    return second === undefined ? { ok: true, value: found.value } : refuse('VALIDATE_CELL_OPTION_AMBIGUOUS', { text: cell })
  }
  return refuse('VALIDATE_OPTION', { value: written })
}

/** The label of an option if a cell with it is read as that option again, else its value. */
export function formatOptionCell(value: string, options: readonly Option[], scope: CellScope): string {
  const option = options.find(each => each.value === value)
  if (option === undefined) return value
  const label = labelIn(option, scope.locale)
  const read = parseOptionCell(label, options, scope)
  return read.ok && read.value === value ? label : value
}

function labelIn(option: Option, locale: string): string {
  return option.label[locale] ?? option.label[locale.slice(0, 2)] ?? option.label['en'] ?? Object.values(option.label)[0] ?? option.value
}
