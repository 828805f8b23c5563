/** Why a job ends early, in words for whoever had it run; null where the reason passes by itself and the job stays open. */
import type { JsonValue } from '../../metadata/generated/types.ts'
import { isStale } from '../identity/index.ts'
import type { Locale } from '../kernel/context.ts'
import { EngineError } from '../kernel/errors.ts'
import { transferErrors } from './errors.ts'
import { UnreadableFile } from './read-rows.ts'
import type { Failure } from './types.ts'

/** The words of what ended a job for good. */
export function failureOf(error: unknown, locale: Locale): Failure | null {
  const told = knownError(error)
  if (!(told instanceof EngineError) || isStale(told) || told.status === 503) return null
  const { title, detail } = told.speak(locale)
  return {
    code: told.code,
    title,
    detail,
    ...(told.errors.length === 0
      ? {}
      : { errors: told.errors.map(({ pointer, code, message }): JsonValue => ({ pointer, code, message })) }),
  }
}

function knownError(error: unknown): unknown {
  if (error instanceof UnreadableFile)
    return (error.kind === 'quote' ? transferErrors.FILE_QUOTE : transferErrors.FILE_ROW_SIZE)({ row: error.row })
  const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  return isGone ? transferErrors.FILE_GONE({}) : error
}
