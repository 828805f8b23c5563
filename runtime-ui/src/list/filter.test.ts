import { expect, test } from 'vitest'
import type { Predicate } from '../../../metadata/generated/types.ts'
import { deal, field, model } from '../test-model.ts'
import {
  type Condition,
  countConditions,
  emptyGroup,
  filterFields,
  fromPredicate,
  isComplete,
  newCondition,
  replaceNode,
  toPredicate,
  withOperator,
} from './filter.ts'

const roundTrip = (predicate: Predicate): Predicate | undefined => toPredicate(fromPredicate(model, deal, predicate))
const missing = (path: string): never => {
  throw new Error(`No field ${path}.`)
}
const condition = (patch: Partial<Condition>): Condition => ({
  kind: 'condition',
  id: 'x',
  path: 'name',
  operator: 'eq',
  operand: 'a',
  ...patch,
})

test.each<[string, Predicate]>([
  ['one condition', { stage: { in: ['won', 'lost'] } }],
  ['two fields', { stage: { eq: 'won' }, amount: { gte: '1000' } }],
  ['two operators on one field', { and: [{ amount: { gte: '1000' } }, { amount: { lt: '5000' } }] }],
  ['alternatives', { or: [{ stage: { eq: 'won' } }, { amount: { gt: '10' } }] }],
  ['a group inside', { stage: { eq: 'won' }, or: [{ name: { contains: 'a' } }, { name: { contains: 'b' } }] }],
  ['a field of a referenced record', { customer: { industry: { eq: 'retail' } } }],
  ['a text that begins with a dollar', { name: { eq: '$$100' } }],
  ['what the builder can not show: a negation', { not: { stage: { eq: 'won' } } }],
  ['what the builder can not show: related rows', { line_items: { some: { name: { eq: 'a' } } } }],
  ['what the builder can not show: a variable', { customer: { eq: '$user.id' } }],
])('keeps the meaning of %s', (_name, predicate) => {
  expect(roundTrip(predicate)).toEqual(predicate)
})

test('takes several operators on one field apart', () => {
  const filter = fromPredicate(model, deal, { amount: { gte: '1', lte: '9' } })
  expect(filter.of).toMatchObject([
    { path: 'amount', operator: 'gte', operand: '1' },
    { path: 'amount', operator: 'lte', operand: '9' },
  ])
})

test('shows alternatives at the top as the join of the whole', () => {
  expect(fromPredicate(model, deal, { or: [{ name: { eq: 'a' } }, { name: { eq: 'b' } }] })).toMatchObject({ join: 'or', of: [{}, {}] })
})

test('leaves out what is not complete yet', () => {
  const group = {
    ...emptyGroup(),
    of: [condition({ operand: undefined }), condition({ id: 'y', operator: 'between', path: 'amount', operand: ['1', undefined] })],
  }
  expect(toPredicate(group)).toBeUndefined()
  expect(countConditions(group)).toBe(0)
  expect(isComplete(condition({ operator: 'is_null', operand: false }))).toBe(true)
})

test('offers only fields that may be filtered, and those of referenced records', () => {
  const paths = filterFields(model, deal).map(field => field.path)
  expect(paths).toContain('customer.industry')
  expect(paths).not.toContain('secret_note')
})

test('starts a condition with the operator people mean most', () => {
  const of = (path: string) => newCondition(filterFields(model, deal).find(field => field.path === path) ?? missing(path))
  expect(of('name').operator).toBe('contains')
  expect(of('stage').operator).toBe('in')
  expect(of('amount').operator).toBe('between')
})

test('keeps the operand where the new operator can use it', () => {
  expect(withOperator(condition({ operand: 'a' }), 'ne').operand).toBe('a')
  expect(withOperator(condition({ operand: 'a' }), 'in').operand).toEqual(['a'])
  expect(withOperator(condition({ operator: 'in', operand: ['a', 'b'] }), 'eq').operand).toBe('a')
  expect(withOperator(condition({ operand: 'a' }), 'is_null').operand).toBe(true)
  expect(withOperator(condition({ operand: 'a' }), 'between').operand).toBeUndefined()
})

test('replaces and removes nodes at any depth', () => {
  const inner = { ...emptyGroup('or'), of: [condition({ id: 'deep' })] }
  const outer = { ...emptyGroup(), of: [inner] }
  expect(toPredicate(replaceNode(outer, 'deep', condition({ id: 'deep', operand: 'b' })))).toEqual({ name: { eq: 'b' } })
  expect(toPredicate(replaceNode(outer, 'deep', null))).toBeUndefined()
})

test('a filter begins with what records are called by, and never offers their ids', () => {
  const numbered = { ...deal, title_field: 'stage', fields: [field('id', 'reference', 'id', { system: true }), ...deal.fields] }
  const paths = filterFields(model, numbered).map(each => each.path)
  expect(paths[0]).toBe('stage')
  expect(paths).not.toContain('id')
  expect(paths.indexOf('created_at')).toBeGreaterThan(paths.indexOf('customer'))
})
