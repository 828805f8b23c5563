import { expect, test } from 'vitest'
import type { Predicate } from '../../../metadata/generated/types.ts'
import type { ModelEntity, ModelStages } from '../api/model.ts'
import { deal, model } from '../test-model.ts'
import { statesOf, statesUnder } from './states.ts'

const stages = (key: string, currency: string | null, states: string[]): ModelStages => ({
  key,
  label: key,
  field: 'stage',
  when: currency === null ? null : { currency: { eq: currency } },
  states,
})
const staged: ModelEntity = {
  ...deal,
  stages: [
    stages('euro', 'EUR', ['lead', 'won']),
    stages('dollar', 'USD', ['proposal', 'won']),
    { ...stages('x', null, ['x']), field: 'other' },
  ],
}
const env = { now: '2026-01-01T00:00:00Z', timeZone: 'UTC', weekStart: 1 as const, user: {} }
const under = (where: Predicate | undefined, entity = staged) => statesUnder(model, entity, 'stage', where, env)

test('a board of one process has the states of that process', () => {
  expect(under({ currency: { eq: 'EUR' } })).toEqual(['lead', 'won'])
  expect(under({ and: [{ currency: { eq: 'USD' } }, { name: { contains: 'a' } }] })).toEqual(['proposal', 'won'])
})

test('a board that may show several processes keeps every state', () => {
  expect(under(undefined)).toBeNull()
  expect(under({ currency: { in: ['EUR', 'USD'] } })).toBeNull()
  expect(under({ or: [{ currency: { eq: 'EUR' } }, { name: { eq: 'a' } }] })).toBeNull()
})

test('without processes, or with none that fits, every state stays', () => {
  expect(under({ currency: { eq: 'EUR' } }, deal)).toBeNull()
  expect(under({ currency: { eq: 'GBP' } })).toBeNull()
})

test('what every record goes through joins in', () => {
  const always = { ...staged, stages: [...(staged.stages ?? []), stages('always', null, ['lost'])] }
  expect(under({ currency: { eq: 'EUR' } }, always)).toEqual(['lead', 'won', 'lost'])
})

test('a form offers the states of the process its values are in, and the state that is there', () => {
  expect(statesOf(model, staged, { currency: 'EUR', stage: 'won' }, env)['stage']).toEqual(['lead', 'won'])
  expect(statesOf(model, staged, { currency: 'EUR', stage: 'lost' }, env)['stage']).toEqual(['lead', 'won', 'lost'])
  expect(statesOf(model, staged, { currency: 'GBP' }, env)).toEqual({ other: ['x'] })
  expect(statesOf(model, deal, { currency: 'EUR' }, env)).toEqual({})
})
