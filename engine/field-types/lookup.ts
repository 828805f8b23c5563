/** A value of the record a reference leads to: behaves as the field it reads. A live one is never stored, so it has no slot. */
import type { LookupField } from '../../metadata/generated/types.ts'
import { behaveAs, computed, type DerivedType, withCurrency } from './derived.ts'
import type { FieldType } from './field-type.ts'

export const lookup: DerivedType<LookupField> = {
  type: 'lookup',
  resolve: (field, source) => {
    // Children and links hang on their own record; they are included through the reference, not looked up.
    if (source === null || source.definition.type === 'table' || source.definition.type === 'multi_reference') return null
    const type = field.mode === 'live' ? live(source.type) : field.overridable === true ? source.type : computed(source.type)
    return withCurrency(field, behaveAs(field, type, source.definition))
  },
}

function live(type: FieldType): FieldType {
  const known = liveTypes.get(type)
  if (known !== undefined) return known
  const made: FieldType = Object.freeze({ ...type, computed: true, slot: () => null })
  liveTypes.set(type, made)
  return made
}
const liveTypes = new WeakMap<FieldType, FieldType>()
