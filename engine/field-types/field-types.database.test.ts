/** Answers for: what Postgres makes of the SQL of field types is what the types themselves make of the values. */
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareDecimals } from '../../metadata/decimal.ts'
import { compareCodePoints, foldSqlFunction } from '../../metadata/fold.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { MOMENT, SAMPLES, type Sample } from '../test/harness/field-samples.ts'
import type { Wire } from './field-type.ts'

const client = { current: null as pg.Client | null }
const JSON_TEXT = `data->>'12'`
const COLUMN = { t: 'text', i: 'int8', n: 'float8', d: 'timestamptz', r: 'uuid' } as const

beforeAll(async () => {
  const { adminUrl } = await freshDatabase()
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  await admin.query(foldSqlFunction())
  // Settings that a plain cast of text to a time would obey.
  await admin.query(`set datestyle = 'SQL, DMY'`)
  await admin.query(`set timezone = 'America/New_York'`)
  client.current = admin
})
afterAll(() => client.current?.end())

async function query(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  if (client.current === null) throw new Error('There is no database.')
  return (await client.current.query<Record<string, unknown>>(text, values)).rows
}

function stored({ values, type, field }: Sample, count: number): Wire[] {
  return fc.sample(values, count).flatMap(value => {
    const read = type.canonical(value, field, MOMENT)
    return read.ok ? [read.value] : []
  })
}

describe.each(SAMPLES.map((sample, at) => [`${sample.field.type} ${sample.field.key}`, sample, `probe_${at}`] as const))(
  '%s',
  (_, sample, table) => {
    const { type, field } = sample
    const values = stored(sample, 150)
    const family = type.slot(field)
    const slot = type.slotSql?.(JSON_TEXT, field) ?? type.slotKeySql?.(JSON_TEXT, field)

    beforeAll(async () => {
      await query(`create table ${table} (n int primary key, data jsonb)`)
      await query(
        `insert into ${table} select n - 1, jsonb_build_object('12', value) from jsonb_array_elements($1::jsonb) with ordinality as given(value, n)`,
        [JSON.stringify(values)],
      )
    })

    test('fills its slot with what the type says', async () => {
      if (family === null || slot === undefined) return
      const shown = family === 'd' ? `to_char(${slot} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : `(${slot})::text`
      const rows = await query(`select ${shown} as slot from ${table} order by n`)
      const made = values.map(value => type.slotKey?.(value, field) ?? type.slotOperand(value, field))
      expect(rows.map(row => row['slot'])).toEqual(made.map(key => (key === null ? null : String(key))))
      expect(await query(`select pg_typeof(${slot})::text as type from ${table} limit 1`)).toEqual([
        { type: { t: 'text', i: 'bigint', n: 'double precision', d: 'timestamp with time zone', r: 'uuid' }[family] },
      ])
    })

    test('gives null for a record without a value', async () => {
      if (slot === undefined) return
      expect(
        await query(`select ${slot} as slot, ${type.sqlType(JSON_TEXT, field)} as value from (values ('{}'::jsonb)) as empty(data)`),
      ).toEqual([{ slot: null, value: null }])
    })

    test('has a slot expression that no setting of the session changes', async () => {
      if (slot === undefined) return
      await query(`create index on ${table} ((${slot}))`)
    })

    test('sorts in the slot as the language orders it', async () => {
      if (family === null || slot === undefined) return
      const rows = await query(`select n from ${table} order by (${slot}) ${family === 't' ? 'collate "C"' : ''}, n`)
      const keys = values.map(value => type.slotKey?.(value, field) ?? type.slotOperand(value, field))
      const sorted = keys.map((_key, n) => n).sort((a, b) => compareKeys(keys[a], keys[b], family) || a - b)
      expect(rows.map(row => row['n'])).toEqual(sorted)
    })

    test('compares an operand with the slot and with the typed value alike', async () => {
      if (family === null || slot === undefined || type.kindOf(field) === 'presence') return
      for (const operand of values.slice(0, 5)) {
        const bound = type.slotOperand(operand, field)
        const bySlot = await query(`select n from ${table} where ${slot} = $1::${COLUMN[family]} and ${JSON_TEXT} is not null order by n`, [
          bound,
        ])
        const byValue = await query(
          `select n from ${table} where ${type.sqlType(JSON_TEXT, field)} = ${type.sqlType('$1::text', field)} order by n`,
          [String(operand)],
        )
        // An order key leaves out case and accents: equality of texts is checked again on the value.
        if (family === 't') expect(bySlot.map(row => row['n'])).toEqual(expect.arrayContaining(byValue.map(row => row['n'])))
        else expect(bySlot).toEqual(byValue)
        expect(byValue.length).toBeGreaterThan(0)
      }
    })

    test('sums exactly, in the slot and in the typed value', async () => {
      if (!type.measures.includes('sum')) return
      const scale = 'scale' in field ? (field.scale ?? 0) : 0
      const [row] = await query(
        `select sum(${slot})::text as slots, sum(${type.sqlType(JSON_TEXT, field)})::text as exact, sum(${slot} / power(10::numeric, ${scale}))::text as scaled from ${table}`,
      )
      if (scale > 0) expect(compareDecimals(String(row?.['scaled']), String(row?.['exact']))).toBe(0)
      expect(row?.['slots']).toBe(values.reduce<bigint>((sum, value) => sum + BigInt(type.slotOperand(value, field) ?? 0), 0n).toString())
    })
  },
)

function compareKeys(a: string | number | null | undefined, b: string | number | null | undefined, family: string): number {
  if (a == null || b == null) return a == null ? (b == null ? 0 : 1) : -1
  if (family === 'i') return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0
  return compareCodePoints(String(a), String(b))
}
