/**
 * How a derived field takes over the behaviour of another: its own key, labels and storage wishes, the other's type and form.
 * Knows no entity; the model finds the field that is read.
 */
import type { Field, FormulaField, LookupField, RollupField } from '../../metadata/generated/types.ts'
import type { FieldType, TypedField } from './field-type.ts'

export type DerivedField = FormulaField | LookupField | RollupField

/** A type without a behaviour of its own until it is known what it is made of. */
export interface DerivedType<F extends DerivedField = DerivedField> {
  readonly type: F['type']
  /** The behaviour of a field; null if nothing of the kind can be made of `source`, or a source is missing. */
  resolve(field: F, source: TypedField | null): TypedField | null
}

// What the derived field says for itself; all else comes from what it reads.
const OWN = [
  'key',
  'label',
  'help',
  'required',
  'read_only',
  'filterable',
  'sortable',
  'searchable',
  'visible_when',
  'required_when',
  'read_only_when',
  'heavy',
  'slot_hint',
]

/** The field with the behaviour of `type`, in the form that `form` names (scale, options, target …). */
export function behaveAs(field: DerivedField, type: FieldType, form: object): TypedField {
  // The members come from two checked definitions and the type tells them apart.
  const definition = { ...pick(field, OWN), ...pick(form, type.carries), type: type.type } as Field
  return { type, definition }
}

/** The currency of an amount that is derived stands beside the derived field, not beside what it reads. */
export function withCurrency({ currency_field }: FormulaField | LookupField, { type, definition }: TypedField): TypedField {
  return { type, definition: currency_field === undefined || definition.type !== 'money' ? definition : { ...definition, currency_field } }
}

/** The same behaviour for values that only the engine makes. One object per type, so that models share it. */
export function computed(type: FieldType): FieldType {
  const known = computedTypes.get(type)
  if (known !== undefined) return known
  const made: FieldType = Object.freeze({ ...type, computed: true })
  computedTypes.set(type, made)
  return made
}
const computedTypes = new WeakMap<FieldType, FieldType>()

function pick(from: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)))
}
