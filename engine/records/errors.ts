/** What the records room refuses, in words. What a conflict is about is told only as far as the caller may know it. */
import { defineErrors } from '../kernel/errors.ts'
import { words } from './error-words.ts'

export const recordErrors = defineErrors('RECORDS', {
  VERSION_STALE: {
    status: 412,
    title: 'The record has changed meanwhile',
    message: (p: { version: number }) => `The record stands at version ${p.version} now.`,
    hint: () => 'Read it again and repeat the change.',
    translations: words.VERSION_STALE,
  },
  CHANGED_MEANWHILE: {
    status: 409,
    title: 'The record has changed meanwhile',
    message: () => 'Another change came in between.',
    hint: () => 'Read the record again and repeat the change.',
    translations: words.CHANGED_MEANWHILE,
  },
  NOT_UNIQUE: {
    status: 409,
    title: 'Such a record exists already',
    message: () => 'A record with these values exists already.',
    translations: words.NOT_UNIQUE,
  },
  NOT_POSSIBLE: {
    status: 409,
    title: 'This is not possible',
    message: () => 'Other records stand against it.',
    hint: () => 'Change or remove the records that refer to this one first.',
    translations: words.NOT_POSSIBLE,
  },
  TOO_MANY_OPERATIONS: {
    status: 422,
    title: 'There are too many operations',
    message: (p: { limit: number }) => `At most ${p.limit} operations are possible at a time (bulk_operations).`,
    translations: words.TOO_MANY_OPERATIONS,
  },
  NOT_CONVERTIBLE: {
    status: 409,
    title: 'This record can not be converted',
    message: () => 'The record is not in a state in which it can be converted.',
    translations: words.NOT_CONVERTIBLE,
  },
  CONVERSION_FORBIDDEN: {
    status: 403,
    title: 'You may not convert this record',
    message: () => 'Your role does not allow all that the conversion makes.',
    translations: words.CONVERSION_FORBIDDEN,
  },
  REVEALS_USED_UP: {
    status: 429,
    title: 'You have revealed enough for today',
    message: (p: { limit: number }) => `Your role lets you reveal ${p.limit} values a day.`,
    hint: () => 'Try again tomorrow, or ask somebody who may read the field.',
    translations: words.REVEALS_USED_UP,
  },
  CASCADE_TOO_DEEP: {
    status: 409,
    title: 'This is not possible',
    message: () => 'The change would reach too many records.',
    translations: words.CASCADE_TOO_DEEP,
  },
})
