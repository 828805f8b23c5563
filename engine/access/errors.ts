/** What access refuses, in words. */
import { defineErrors } from '../kernel/errors.ts'

export const accessErrors = defineErrors('ACCESS', {
  OPERATION_FORBIDDEN: {
    status: 403,
    title: 'You may not do this',
    message: (p: { operation: string; label: string }) => `Your role does not allow the operation "${p.operation}" on ${p.label}.`,
  },
  ROW_FORBIDDEN: {
    status: 403,
    title: 'You may not change this record',
    message: (p: { operation: string; label: string }) =>
      `Your role does not allow the operation "${p.operation}" on this record of ${p.label}.`,
  },
  RESULT_FORBIDDEN: {
    status: 403,
    title: 'The record would leave what you may work with',
    message: (p: { label: string }) => `These values would make a record of ${p.label} that you are not allowed to keep.`,
    hint: () => 'Check the owner and the unit of the record.',
  },
  VALUES_FORBIDDEN: {
    status: 403,
    title: 'You may not set these values',
    message: (p: { label: string }) => `Your role does not allow these values on ${p.label}.`,
  },
  CAPABILITY_MISSING: {
    status: 403,
    title: 'You may not do this',
    message: (p: { capability: string }) => `This needs the capability ${p.capability}.`,
  },
})
