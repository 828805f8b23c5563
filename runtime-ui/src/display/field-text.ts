/**
 * A value of a field as text in the reader's language, and how wide and on which side a column of it stands:
 * one table, a line per way of showing. Pure; markup is value.tsx.
 */
import type { ModelField } from '../api/model.ts'
import { formatMoney, formatNumber, formatPercent } from './number.ts'
import { formatPhone } from './phone.ts'
import { formatDate, formatDateTime } from './time.ts'

/** Whom a value is shown to. */
export interface DisplayScope {
  readonly locale: string
  readonly timeZone: string
  /** Currency of the tenant, for amounts without one of their own. */
  readonly currency: string
  readonly yes: string
  readonly no: string
}

/** How values of one kind are shown. */
export interface FieldDisplay {
  readonly align: 'start' | 'end'
  /** Width of a table column in px that fits common values. */
  readonly width: number
  readonly text: (value: unknown, field: ModelField, scope: DisplayScope, record: Values) => string
}

/** Values by field key; references may be objects. */
export interface Values {
  readonly [field: string]: unknown
}

const plain = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))
const digitsOf = (field: ModelField): { most: number } | undefined => (typeof field.scale === 'number' ? { most: field.scale } : undefined)
const number: FieldDisplay = {
  align: 'end',
  width: 120,
  text: (value, field, scope) => formatNumber(value, scope.locale, digitsOf(field)),
}
const text: FieldDisplay = { align: 'start', width: 200, text: plain }
const reference: FieldDisplay = { align: 'start', width: 200, text: (value, field) => referenceLabel(value, field) }
const listed: FieldDisplay = {
  align: 'start',
  width: 200,
  text: (value, field) =>
    listOf(value)
      .map(entry => optionLabel(entry, field))
      .join(', '),
}

const DISPLAYS: Readonly<Record<string, FieldDisplay>> = {
  text,
  long_text: { ...text, width: 280 },
  email: { ...text, width: 220 },
  phone: { ...text, width: 160, text: formatPhone },
  url: {
    ...text,
    width: 220,
    text: value =>
      String(value)
        .replace(/^https?:\/\/(www\.)?/, '')
        .replace(/\/$/, ''),
  },
  integer: { ...number, width: 100 },
  decimal: number,
  percent: { ...number, width: 100, text: (value, field, scope) => formatPercent(value, scope.locale, digitsOf(field)) },
  money: {
    align: 'end',
    width: 140,
    text: (value, field, scope, record) => formatMoney(value, currencyOf(field, scope, record), scope.locale, { least: field.scale ?? 2 }),
  },
  boolean: { align: 'start', width: 90, text: (value, _field, scope) => (value === true ? scope.yes : scope.no) },
  date: { align: 'start', width: 130, text: (value, _field, scope) => formatDate(value, scope.locale) },
  datetime: { align: 'start', width: 170, text: (value, _field, scope) => formatDateTime(value, scope.locale, scope.timeZone) },
  choice: { align: 'start', width: 140, text: (value, field) => optionLabel(value, field) },
  multi_choice: listed,
  tags: listed,
  reference,
  parent: reference,
  user: { ...reference, width: 160 },
  multi_reference: {
    ...reference,
    width: 220,
    text: (value, field) =>
      listOf(value)
        .map(entry => referenceLabel(entry, field))
        .join(', '),
  },
  table: { align: 'end', width: 90, text: value => String(listOf(value).length) },
  autonumber: { ...text, width: 130 },
  address: { ...text, width: 260, text: (value, _field, scope) => formatAddress(value, scope.locale).join(', ') },
  person_name: { ...text, width: 180, text: value => formatPersonName(value) },
  json: { ...text, width: 200 },
}

const BY_KIND: Readonly<Record<string, FieldDisplay>> = {
  decimal: number,
  float: number,
  integer: DISPLAYS['integer'] ?? number,
  boolean: DISPLAYS['boolean'] ?? text,
  date: DISPLAYS['date'] ?? text,
  datetime: DISPLAYS['datetime'] ?? text,
  choice: DISPLAYS['choice'] ?? text,
  id: reference,
  list: listed,
}

/** How a field is shown: by its widget, else by its type, else by how its values compare. */
export function displayOf(field: ModelField): FieldDisplay {
  return DISPLAYS[field.widget ?? ''] ?? DISPLAYS[field.type] ?? BY_KIND[field.kind] ?? text
}

/** The value as text; empty where there is none. */
export function textOf(value: unknown, field: ModelField, scope: DisplayScope, record: Values = {}): string {
  if (isBlank(value)) return ''
  // A masked value is text made by the engine, whatever the field is.
  return field.right === 'mask' ? plain(value) : displayOf(field).text(value, field, scope, record)
}

/** True where there is nothing to show. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** The currency of an amount: of its sibling field, of the field, of the tenant. */
export function currencyOf(field: Pick<ModelField, 'currency_field' | 'currency'>, scope: DisplayScope, record: Values): string {
  const own = field.currency_field ? record[field.currency_field] : null
  if (typeof own === 'string' && own !== '') return own
  return field.currency ?? scope.currency
}

/** The label of an option; a value without an option is shown as it is. */
export function optionLabel(value: unknown, field: Pick<ModelField, 'options'>): string {
  return field.options?.find(option => option.value === value)?.label ?? plain(value)
}

/** Names of a referenced record: of an object its title, of a bare id nothing better than the id. */
export function referenceLabel(value: unknown, field: Pick<ModelField, 'options'>): string {
  if (typeof value !== 'object' || value === null) return optionLabel(value, field)
  const named = Object.entries(value).find(([key, part]) => key !== 'id' && key !== 'version' && !isBlank(part))
  return named ? titleText(named[1]) : ''
}

/** A title whatever its type: a text, a person's name, a number. */
export function titleText(value: unknown): string {
  if (isBlank(value)) return ''
  return typeof value === 'object' ? formatPersonName(value) || plain(value) : String(value)
}

/** Parts of a name in the order they are spoken. */
export function formatPersonName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return isBlank(value) ? '' : String(value)
  const name = value as Values
  return ['prefix', 'given', 'middle', 'family', 'suffix']
    .map(part => name[part])
    .filter(part => typeof part === 'string' && part !== '')
    .join(' ')
}

/** Lines of an address, the country written out. */
export function formatAddress(value: unknown, locale: string): string[] {
  if (typeof value !== 'object' || value === null) return isBlank(value) ? [] : [String(value)]
  const address = value as Values
  const said = (part: string): string => (typeof address[part] === 'string' ? address[part] : '')
  const city = [said('postal_code'), said('city')].filter(Boolean).join(' ')
  return [said('line1'), said('line2'), city, said('region'), countryName(said('country'), locale)].filter(Boolean)
}

/** A country's name in the locale, of its two letters. */
export function countryName(code: string, locale: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code
  return new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }).of(code) ?? code
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}
