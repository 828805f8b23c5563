/** What a query costs before it runs: letters in the middle of texts are paid for, by every row that is counted with them. */
import { expect, test } from 'vitest'
import { startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()
await workspace.createTenant('acme')
const admin = await workspace.signIn('acme', 'admin@acme.test')

const letters = (count: number, operator: string) => ({
  or: Array.from({ length: count }, (_, n) => ({ name: { [operator]: `x${String.fromCharCode(97 + n)}` } })),
})
const ask = (query: object) => admin('POST', '/api/records/deal/query', { limit: 100, ...query })

test('an exact count of twenty texts that hold some letters is too expensive', async () => {
  expect(await ask({ where: letters(20, 'contains'), count: 'exact' })).toMatchObject({
    status: 422,
    problem: { code: 'PLAN_TOO_EXPENSIVE' },
  })
  expect(await ask({ where: letters(20, 'contains') })).toMatchObject({ status: 200 })
})

test('a few of them, beginnings of texts, and a search of many words are not', async () => {
  expect(await ask({ where: letters(5, 'contains'), count: 'exact' })).toMatchObject({ status: 200 })
  expect(await ask({ where: letters(20, 'starts_with'), count: 'exact' })).toMatchObject({ status: 200 })
  expect(await ask({ search: 'a b c d e f g h i j', count: 'exact' })).toMatchObject({ status: 200 })
})

const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))
const idOf = (n: number): string => `01980000-0000-7000-8000-${String(n).padStart(12, '0')}`

test.each<[string, object, string]>([
  ['ten thousand ids', { where: { customer: { in: many(10_000, idOf) } } }, '500'],
  ['ten thousand conditions', { where: { or: many(10_000, n => ({ name: { eq: `x${n}` } })) } }, '100'],
  ['more conditions than are allowed', { where: { and: many(40, n => ({ name: { ne: `x${n}` } })) } }, 'max_filters'],
  ['two hundred includes', { select: ['name', ...many(190, () => ({ tasks: {} }))] }, 'max_includes'],
  ['a page of a thousand million', { limit: 1e9 }, 'max_page_size'],
  ['a search of eleven words', { search: 'a b c d e f g h i j k' }, 'max_search_words'],
  ['forty sort keys', { sort: many(40, n => (n % 2 === 0 ? 'name' : 'amount')) }, '3'],
  ['letters in the middle of twenty texts, counted', { where: letters(20, 'contains'), count: 'exact' }, 'max_cost'],
])('%s are refused at once, with the cap', async (_, query, cap) => {
  const before = performance.now()
  const { status, problem } = await ask(query)
  expect(status).toBe(422)
  expect(JSON.stringify([problem.detail, problem.errors])).toContain(cap)
  expect(performance.now() - before).toBeLessThan(2_000)
})
