/** Answers for: what the engine's one schema validator accepts, and that it says one precise thing per mistake. */
import { expect, test } from 'vitest'
import { processorMs } from '../test/harness/processor-time.ts'
import type { Problem } from '../../metadata/problem.ts'
import { definitionValidator, isLinearPattern, validatorOf } from './schema.ts'

const deal = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { title: 'Name', type: 'string', minLength: 1, maxLength: 5, pattern: '^[A-Z]' },
    code: { title: 'Code', type: 'string', pattern: '^[0-9]+$' },
    amount: { title: 'Amount', type: 'string', 'x-minimum': '0', 'x-maximum': '1000000000000.5', 'x-scale': 2 },
    closes: { title: 'Closes on', type: 'string', format: 'date' },
    quantity: { title: 'Quantity', type: 'integer', minimum: 1 },
  },
}

function brief(problems: readonly Problem[]) {
  return problems.map(({ pointer, code, message, hint }) => [pointer, code, message, ...(hint === undefined ? [] : [hint])])
}

test('names the field by its title and the limit it broke', () => {
  expect(brief(validatorOf(deal)({ name: 'Abcdef', quantity: 0, amount: '-0.001', closes: '2025-02-30' }))).toEqual([
    ['/name', 'VALIDATE_MAX_LENGTH', 'Name must have at most 5 characters.'],
    ['/amount', 'VALIDATE_MINIMUM', 'Amount must be at least 0.'],
    ['/amount', 'VALIDATE_SCALE', 'Amount may have at most 2 digits after the point.'],
    ['/closes', 'VALIDATE_FORMAT', 'Closes on is not a valid date.'],
    ['/quantity', 'VALIDATE_MINIMUM', 'Quantity must be at least 1.'],
  ])
})

test('takes no value for another: a numeral is not a number and a number is not text', () => {
  expect(brief(validatorOf(deal)({ name: 'A', quantity: '10', amount: 10 }))).toEqual([
    ['/amount', 'VALIDATE_TYPE', 'Amount must be text.', 'Did you mean “"10"”?'],
    ['/quantity', 'VALIDATE_TYPE', 'Quantity must be a whole number.', 'Did you mean “10”?'],
  ])
})

test('compares decimals exactly, far beyond what a float holds', () => {
  const valid = validatorOf(deal)
  expect(valid({ name: 'A', amount: '1000000000000.50' })).toEqual([])
  expect(valid({ name: 'A', amount: '1000000000000.51' })).toMatchObject([
    { code: 'VALIDATE_MAXIMUM', params: { limit: '1000000000000.5' } },
  ])
})

test('keeps the patterns of one schema apart', () => {
  expect(brief(validatorOf(deal)({ name: 'x', code: 'A' }))).toEqual([
    ['/name', 'VALIDATE_PATTERN', 'Name does not have the required form.'],
    ['/code', 'VALIDATE_PATTERN', 'Code does not have the required form.'],
  ])
})

test('reports a misspelt member once, with the name that was meant', () => {
  expect(brief(validatorOf(deal)({ nmae: 'A' }))).toEqual([
    ['/nmae', 'VALIDATE_UNKNOWN_NAME', '“nmae” is not known here.', 'Did you mean “name”?'],
  ])
})

test('speaks the language of the caller and points into what was sent', () => {
  expect(brief(validatorOf(deal)({}, { locale: 'ru', pointer: '/operations/3' }))).toEqual([
    ['/operations/3/name', 'VALIDATE_REQUIRED', 'Поле «Name» обязательно.'],
  ])
  for (const locale of ['en', 'ru', 'uk', 'es'] as const)
    expect(validatorOf(deal)({ name: '' }, { locale })[0]?.message).not.toMatch(/\{|undefined/)
})

test('says one thing about a union, by the branch that was meant', () => {
  const rights = definitionValidator('AccessProfile')
  const profile = (fields: unknown) => ({ kind: 'access_profile', key: 'rep', entities: { deal: { operations: ['read'], fields } } })
  expect(brief(rights(profile({ name: 'wirte', phone: { mask: 'last5' }, email: { maks: 'email' }, margin: 3 })))).toEqual([
    ['/entities/deal/fields/name', 'MODEL_OPTION', '“wirte” is not possible for “name”.', 'Did you mean “write”?'],
    ['/entities/deal/fields/phone/mask', 'MODEL_OPTION', '“last5” is not possible for “mask”.', 'Did you mean “last4”?'],
    ['/entities/deal/fields/email/maks', 'MODEL_UNKNOWN_NAME', '“maks” is no part of “Mask”.', 'Did you mean “mask”?'],
    ['/entities/deal/fields/margin', 'MODEL_OPTION', '“3” is not possible for “margin”.', 'Possible: none, read, create, write.'],
  ])
  expect(rights(profile({ '*': 'read', phone: { mask: 'last4', reveal: true } }))).toEqual([])
})

test('runs patterns in linear time and refuses those that can not', () => {
  expect(isLinearPattern('^(a+)+$')).toBe(true)
  expect(isLinearPattern('(?=a)b')).toBe(false)
  expect(isLinearPattern('(a)\\1')).toBe(false)
  expect(isLinearPattern('(')).toBe(false)
  const spent = processorMs(() => expect(validatorOf({ type: 'string', pattern: '^(a+)+$' })(`${'a'.repeat(5000)}!`)).toHaveLength(1))
  expect(spent).toBeLessThan(2_000)
})

test('gives equal schemas one validator', () => {
  expect(validatorOf(structuredClone(deal))).toBe(validatorOf(structuredClone(deal)))
})

test('compiles every definition of the language', async () => {
  const { metadataSchema } = await import('../../metadata/generated/schemas.ts')
  for (const name of Object.keys(metadataSchema.definitions)) expect(Array.isArray(definitionValidator(name)(undefined))).toBe(true)
})
