/** A value gathered from child records: a count is an integer, a sum, minimum or maximum behaves as the field it is made of. */
import type { RollupField } from '../../metadata/generated/types.ts'
import { behaveAs, computed, type DerivedType } from './derived.ts'
import { integer } from './integer.ts'

export const rollup: DerivedType<RollupField> = {
  type: 'rollup',
  resolve: (field, source) => {
    if (field.function === 'count') return behaveAs(field, computed(integer), {})
    return source === null || !source.type.measures.includes(field.function)
      ? null
      : behaveAs(field, computed(source.type), source.definition)
  },
}
