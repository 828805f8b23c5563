/** What access refuses, in words: English here; the other languages stand in error-words.ts. */
import { defineErrors } from '../kernel/errors.ts'
import type { Operation } from '../model/types.ts'
import { labelOf, type Refused, words } from './error-words.ts'

export const accessErrors = defineErrors('ACCESS', {
  OPERATION_FORBIDDEN: {
    status: 403,
    title: 'You may not do this',
    message: (p: Refused) => `Your role does not allow the operation "${p.operation}" on ${labelOf(p.entity, 'en')}.`,
    translations: words.OPERATION_FORBIDDEN,
  },
  ROW_FORBIDDEN: {
    status: 403,
    title: 'You may not change this record',
    message: (p: { operation: Operation; label: string }) =>
      `Your role does not allow the operation "${p.operation}" on this record of ${p.label}.`,
    translations: words.ROW_FORBIDDEN,
  },
  RESULT_FORBIDDEN: {
    status: 403,
    title: 'The record would leave what you may work with',
    message: (p: { label: string }) => `These values would make a record of ${p.label} that you are not allowed to keep.`,
    hint: () => 'Check the owner and the unit of the record.',
    translations: words.RESULT_FORBIDDEN,
  },
  VALUES_FORBIDDEN: {
    status: 403,
    title: 'You may not set these values',
    message: (p: { label: string }) => `Your role does not allow these values on ${p.label}.`,
    translations: words.VALUES_FORBIDDEN,
  },
  CAPABILITY_MISSING: {
    status: 403,
    title: 'You may not do this',
    message: (p: { capability: string }) => `This needs the capability ${p.capability}.`,
    translations: words.CAPABILITY_MISSING,
  },
})
