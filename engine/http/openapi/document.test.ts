import { expect, test } from 'vitest'
import { routes } from '../inventory.ts'
import { nameOf } from '../route.ts'
import { codesOf } from './codes.ts'
import { FIXED_OPERATIONS, isOfEntity, NOT_DESCRIBED } from './document.ts'

const fixed = routes.filter(route => !isOfEntity(route))

test('every route is described, or it is said why it is not', () => {
  for (const route of fixed) {
    const name = nameOf(route)
    expect([name, name in FIXED_OPERATIONS, name in NOT_DESCRIBED]).toEqual([name, !(name in NOT_DESCRIBED), name in NOT_DESCRIBED])
  }
  const known = new Set(routes.map(nameOf))
  for (const name of [...Object.keys(FIXED_OPERATIONS), ...Object.keys(NOT_DESCRIBED)])
    expect([name, known.has(name)]).toEqual([name, true])
})

test('names of operations are unique, and none of them could be an entity’s', () => {
  const ids = Object.values(FIXED_OPERATIONS).map(words => words.id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids)
    expect(id).not.toMatch(/^(?:list|query|get|create|update|delete|restore|bulk|aggregate|export|history|reveal|convert)_/)
})

test('codes are declared ones, each under its status', () => {
  for (const route of fixed) {
    const words = FIXED_OPERATIONS[nameOf(route)]
    if (words === undefined) continue
    const codes = codesOf(route, words)
    expect(codes.get(422)).toContain('HTTP_QUERY_INVALID')
    expect(codes.has(401)).toBe(route.access !== 'open' || /SIGN_IN|REFRESH/.test(JSON.stringify(words.refuses)))
    for (const status of Object.keys(words.answers)) expect(codes.has(Number(status))).toBe(false)
  }
})
