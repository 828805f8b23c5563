/** Answers for: what Node masks is what Postgres masks, letter by letter. */
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MaskName } from '../model/types.ts'
import { maskText } from '../sql/mask-sql.ts'
import { SqlText } from '../sql/sql-text.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { maskValue } from './mask.ts'

const TENANT = '01980000-0000-7000-8000-000000000001'
const MASKS: readonly MaskName[] = ['last4', 'first1', 'email', 'hash', 'range']

const client = { current: null as pg.Client | null }
beforeAll(async () => {
  client.current = new pg.Client({ connectionString: (await freshDatabase()).adminUrl })
  await client.current.connect()
})
afterAll(() => client.current?.end())

/** What Postgres makes of values that stand in a record's data. */
async function inPostgres(values: readonly unknown[], mask: MaskName): Promise<(string | null)[]> {
  const sql = new SqlText(TENANT)
  const list = sql.bind(JSON.stringify(values.map(value => ({ '12': value }))), 'jsonb')
  const masked = maskText(sql, mask, `(r.data->>'12')`)
  const statement = sql.statement(
    `select ${masked} as masked from jsonb_array_elements(${list}) with ordinality as r(data, n) where ${sql.tenant} is not null order by n`,
  )
  const rows = await client.current?.query<{ masked: string | null }>(statement.text, [...statement.values])
  return (rows?.rows ?? []).map(row => row.masked)
}

const letters = fc.string({ unit: 'grapheme', maxLength: 12 }).map(text => text.toWellFormed().replaceAll('\0', ''))
const storable = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }).filter(value => !JSON.stringify(value).includes('\\u0000'))
const values = fc.oneof(
  letters,
  fc.tuple(letters, letters).map(parts => parts.join('@')),
  fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }).map(String),
  fc.tuple(fc.integer(), fc.nat(99)).map(([whole, cents]) => `${whole}.${cents}`),
  fc.constantFrom(
    '',
    '0',
    '-0.00',
    '007',
    '0.5',
    '-0.5',
    '1250.00',
    '12.',
    '+1',
    '1e5',
    '½',
    'a@b@c',
    '@',
    '1\n',
    true,
    false,
    null,
    42,
    -1.5,
    1e21,
    1e-7,
    5e-324,
    [],
    {},
  ),
  fc.integer(),
  storable,
)

test.each(MASKS)('%s says the same in both', async mask => {
  const sample = fc.sample(values, 800)
  expect(sample.map(value => maskValue(value, mask, TENANT))).toEqual(await inPostgres(sample, mask))
})

test('a mask shows what it is called after and nothing more', () => {
  const masked = MASKS.map(mask => maskValue('anna.weiss@example.com', mask, TENANT))
  expect(masked).toEqual(['••••.com', 'a••••', 'a••••@example.com', expect.stringMatching(/^[0-9a-f]{12}$/), '…'])
  expect(maskValue('1250.00', 'range', TENANT)).toBe('1000–9999')
  expect(maskValue('1234', 'last4', TENANT)).toBe('••••')
  expect(maskValue('same', 'hash', TENANT)).not.toBe(maskValue('same', 'hash', '01980000-0000-7000-8000-000000000002'))
})
