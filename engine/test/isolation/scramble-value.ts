/** Another value of the same kind: what a hidden field holds in the other world. Keeps what a mask shows of it. Pure. */
import type { CompiledField, MaskName } from '../../model/types.ts'

/** A different value for a field; null where there is nothing to change. `ids` are records its reference could point at instead. */
export function otherValue(field: CompiledField, value: unknown, ids: readonly string[]): unknown {
  if (value === undefined || value === null) return newValue(field, ids)
  if (field.kind === 'id') return ids.find(id => id !== value) ?? null
  if (field.storage.kind === 'links') return Array.isArray(value) ? value.slice(1) : []
  if (field.kind === 'boolean') return value !== true
  if (field.kind === 'choice') return optionsOf(field).find(option => option !== value) ?? value
  if (field.kind === 'date') return `${Number(String(value).slice(0, 4)) - 1}${String(value).slice(4)}`
  if (field.kind === 'datetime') return `${Number(String(value).slice(0, 4)) - 1}${String(value).slice(4)}`
  if (field.kind === 'integer' || field.kind === 'float') return Number(value) + 7
  if (field.kind === 'decimal') return raised(String(value))
  if (field.declared.type === 'multi_choice')
    return optionsOf(field)
      .filter(option => !(value as unknown[]).includes(option))
      .slice(0, 1)
  return moved(value)
}

/** A value where there was none. */
function newValue(field: CompiledField, ids: readonly string[]): unknown {
  if (field.storage.kind === 'links' || field.kind === 'list' || field.kind === 'presence') return null
  if (field.kind === 'id') return ids[0] ?? null
  if (field.kind === 'boolean') return true
  if (field.kind === 'choice') return optionsOf(field)[0] ?? null
  if (field.kind === 'date') return '2021-02-03'
  if (field.kind === 'datetime') return '2021-02-03T04:05:06.000Z'
  if (field.kind === 'integer' || field.kind === 'float') return 7
  if (field.kind === 'decimal') return raised('5')
  return 'zyxwv'
}

function optionsOf(field: CompiledField): string[] {
  const { definition } = field
  return 'options' in definition && Array.isArray(definition.options) ? definition.options.map(option => option.value) : []
}

/** Every digit but the last two moves up; the sign and the places stay. */
function raised(text: string): string {
  return text.replace(/[0-9]/g, digit => String((Number(digit) % 9) + 1))
}

/** Letters and digits move one on, all else stays where it is. */
function moved(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .replace(/[a-z]/g, letter => next(letter, 'a', 26))
      .replace(/[A-Z]/g, letter => next(letter, 'A', 26))
      .replace(/[0-9]/g, digit => next(digit, '0', 10))
  if (Array.isArray(value)) return value.map(moved)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, moved(each)]))
  return value
}

function next(letter: string, first: string, count: number): string {
  const start = first.charCodeAt(0)
  return String.fromCharCode(start + ((letter.charCodeAt(0) - start + 1) % count))
}

/** Another value behind the same mask. */
export function otherBehindMask(mask: MaskName, value: unknown): unknown {
  if (typeof value !== 'string') return value
  switch (mask) {
    case 'last4':
      return value.length > 4 ? moved(value.slice(0, -4)) + value.slice(-4) : moved(value)
    case 'first1':
      return value.slice(0, 1) + String(moved(value.slice(1)))
    case 'email':
      return value.replace(/^(.)([^@]*)/, (_, first: string, rest: string) => first + String(moved(rest)))
    case 'range':
      return raised(value)
    case 'hash':
      return value
  }
}
