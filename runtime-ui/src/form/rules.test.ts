import { expect, test } from 'vitest'
import { deal, model } from '../test-model.ts'
import { applyRules, parseRules } from './rules.ts'

const env = { user: { id: 'u1' }, now: '2025-07-01T12:00:00.000Z', timeZone: 'Europe/Berlin', weekStart: 1 }
const lost = parseRules(model, deal, [
  { field: 'lost_reason', visible_when: { stage: { eq: 'lost' } }, required_when: { stage: { eq: 'lost' } } },
  { field: 'amount', read_only_when: { stage: { in: ['won', 'lost'] } } },
])

test('a field shows, is required and is read-only as its conditions say', () => {
  expect(applyRules(lost, { stage: 'lost' }, env)).toEqual({ hidden: [], required: ['lost_reason'], readOnly: ['amount'] })
  expect(applyRules(lost, { stage: 'lead' }, env)).toEqual({ hidden: ['lost_reason'], required: [], readOnly: [] })
  expect(applyRules(lost, {}, env)).toEqual({ hidden: ['lost_reason'], required: [], readOnly: [] })
})

test('decimals are compared as decimals', () => {
  const rules = parseRules(model, deal, [{ field: 'lost_reason', visible_when: { amount: { gt: '9' } } }])
  expect(applyRules(rules, { amount: '10.00' }, env).hidden).toEqual([])
  expect(applyRules(rules, { amount: '9.00' }, env).hidden).toEqual(['lost_reason'])
})

test('a condition over what this browser does not know is left to the server', () => {
  const rules = parseRules(model, deal, [{ field: 'name', visible_when: { unheard_of: { eq: 1 } } }])
  expect(applyRules(rules, {}, env)).toEqual({ hidden: [], required: [], readOnly: [] })
})

test('a hidden field is never required', () => {
  const rules = parseRules(model, deal, [{ field: 'name', visible_when: { stage: { eq: 'won' } }, required_when: {} }])
  expect(applyRules(rules, { stage: 'lead' }, env)).toEqual({ hidden: ['name'], required: [], readOnly: [] })
})
