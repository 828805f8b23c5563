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
