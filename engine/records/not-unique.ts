/** The 409 of a value that another record holds. Names the fields only to a caller who may read them all. */
import { pointerOf } from '../../metadata/problem.ts'
import { inReadersWords } from '../../metadata/said.ts'
import type { CompiledUnique } from '../model/types.ts'
import { labelIn, wordsOf } from '../validate/index.ts'
import { recordErrors } from './errors.ts'
import type { PreparedChange } from './prepared.ts'
import type { RecordContext } from './types.ts'

export function notUnique(ctx: RecordContext, change: Pick<PreparedChange, 'grant' | 'pointer'>, rule: CompiledUnique | undefined): Error {
  const { locale } = ctx.caller
  const { entity, fields } = change.grant
  if (rule === undefined || !rule.fields.every(key => fields.get(key)?.everywhere === true)) return recordErrors.NOT_UNIQUE({})
  const labels = rule.fields.map(key => labelIn(entity.fields.get(key)?.labels ?? {}, locale, key)).join(', ')
  const message = rule.message === null ? wordsOf('UNIQUE', locale, { labels }) : inReadersWords(labelIn(rule.message, locale, labels))
  const errors = rule.fields.map(key => ({
    pointer: `${change.pointer}${pointerOf(key)}`,
    code: 'VALIDATE_UNIQUE',
    message,
    params: { fields: [...rule.fields] },
  }))
  return recordErrors.NOT_UNIQUE({}, { errors })
}
