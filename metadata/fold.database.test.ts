import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { administer } from '../engine/platform/server-admin.ts'
import { freshDatabase } from '../engine/test/harness/database.ts'
import { compareCodePoints, FOLD_TABLE, foldSqlFunction, foldText, ORDER_KEY_LENGTH, orderKey } from './fold.ts'

let adminUrl: string

beforeAll(async () => {
  ;({ adminUrl } = await freshDatabase())
  await administer(adminUrl, client => client.query(foldSqlFunction()))
})

const column = (text: string, values: readonly string[]): Promise<string[]> =>
  administer(adminUrl, async client => {
    const { rows } = await client.query<{ answer: string }>(text, [values])
    return rows.map(row => row.answer)
  })

const folded = (texts: readonly string[]) =>
  column('select nexus.fold(each) as answer from unnest($1::text[]) with ordinality as t(each, n) order by n', texts)

const letter = fc.oneof(
  fc.constantFrom(...FOLD_TABLE.keys()),
  fc.constantFrom(...'abcXYZ012 -_%\\\'"$«»абвгґЇЙ日本🎉\n'),
  fc
    .integer({ min: 1, max: 0x1fffd })
    .filter(code => code < 0xd800 || code > 0xdfff)
    .map(code => String.fromCodePoint(code)),
)
const text = fc.array(letter, { maxLength: 60 }).map(letters => letters.join(''))

test('the database folds every character as Node does', async () => {
  const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code)).slice(1)
  expect(await folded(all)).toEqual(all.map(foldText))
})

test('the database folds any text as Node does', async () => {
  const texts = fc.sample(text, 3000)
  expect(await folded(texts)).toEqual(texts.map(foldText))
})

test('the database takes the same first 200 characters and orders them alike', async () => {
  const texts = [...fc.sample(text, 500), '🎉'.repeat(300), 'Ж'.repeat(300), 'e\u0301'.repeat(300)]
  const key = `left(nexus.fold(each), ${ORDER_KEY_LENGTH})`
  const sorted = await column(`select ${key} as answer from unnest($1::text[]) as t(each) order by ${key} collate "C"`, texts)
  expect(sorted).toEqual(texts.map(orderKey).toSorted(compareCodePoints))
})

test('nothing folds to nothing', async () => {
  const [row] = await administer(
    adminUrl,
    async client => (await client.query<{ answer: unknown }>('select nexus.fold(null) as answer')).rows,
  )
  expect(row?.answer).toBeNull()
})
