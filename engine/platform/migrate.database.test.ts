/** Migrations on a real server: once, in order, all or nothing of a file, and never over a changed past. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../test/harness/database.ts'
import { hashMigrations, migrate, readMigrations } from './migrate.ts'
import { administer, dropDatabase, ensureDatabase, withDatabase } from './server-admin.ts'

let server: string
let url: string
let folder: string

beforeAll(async () => {
  server = (await freshDatabase()).adminUrl
})

beforeEach(async () => {
  const name = `nexus_test_${process.pid}_migrate`
  await dropDatabase(server, name)
  await ensureDatabase(server, name)
  url = withDatabase(server, name)
  folder = await mkdtemp(join(tmpdir(), 'nexus-migrations-'))
  await file('001-first.sql', 'create table nexus.a (n int)\n--;;\ninsert into nexus.a values (1)')
  return () => dropDatabase(server, name)
})

const file = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text)
const rows = async (text: string): Promise<unknown[]> => (await administer(url, client => client.query<Record<string, unknown>>(text))).rows

test('runs what has not run, in order, and only once', async () => {
  await file(
    '002-second.sql',
    '-- Comments and empty parts are no statements.\n--;;\nupdate nexus.a set n = n + 1\n--;;\n\n--;;\n-- the end',
  )
  expect(await migrate({ url, folder })).toEqual(['001-first.sql', '002-second.sql'])
  expect(await migrate({ url, folder })).toEqual([])
  await file('003-third.sql', 'update nexus.a set n = n * 10')
  expect(await migrate({ url, folder })).toEqual(['003-third.sql'])
  expect(await rows('select n from nexus.a')).toEqual([{ n: 20 }])
})

test('two processes at once run it once', async () => {
  await file('002-slow.sql', 'select pg_sleep(0.2)\n--;;\nupdate nexus.a set n = n + 1')
  const ran = await Promise.all([migrate({ url, folder }), migrate({ url, folder }), migrate({ url, folder })])
  expect(ran.flat().sort()).toEqual(['001-first.sql', '002-slow.sql'])
  expect(await rows('select n from nexus.a')).toEqual([{ n: 2 }])
})

test('leaves nothing of a file that fails, and says where', async () => {
  await file('002-broken.sql', 'update nexus.a set n = 7\n--;;\nselect no_such_column')
  await expect(migrate({ url, folder })).rejects.toThrow('002-broken.sql, statement 2: column "no_such_column" does not exist')
  expect(await rows('select n from nexus.a')).toEqual([{ n: 1 }])
  await file('002-broken.sql', 'update nexus.a set n = 8')
  expect(await migrate({ url, folder })).toEqual(['002-broken.sql'])
})

test('refuses a file that was changed after it ran', async () => {
  await migrate({ url, folder })
  await file('001-first.sql', 'create table nexus.a (n int, m int)')
  await expect(migrate({ url, folder })).rejects.toThrow('001-first.sql was changed after it ran')
})

test('refuses a database that is newer than the program', async () => {
  const newer = folder
  await file('002-newer.sql', 'select 1')
  await migrate({ url, folder: newer })
  folder = await mkdtemp(join(tmpdir(), 'nexus-migrations-'))
  await file('001-first.sql', 'create table nexus.a (n int)\n--;;\ninsert into nexus.a values (1)')
  await expect(migrate({ url, folder })).rejects.toThrow('newer than this program: it has the migration 002-newer.sql')
})

test('refuses a file that comes before one that has run', async () => {
  await file('003-third.sql', 'select 1')
  await migrate({ url, folder })
  await file('002-late.sql', 'select 1')
  await expect(migrate({ url, folder })).rejects.toThrow('002-late.sql comes before')
})

test.each(['1-short.sql', '002_underscore.sql', '002-Upper.sql'])('refuses the name %s', async name => {
  await file(name, 'select 1')
  await expect(readMigrations(folder)).rejects.toThrow("is not a migration's name")
})

test('refuses two files with one number', async () => {
  await file('001-other.sql', 'select 1')
  await expect(readMigrations(folder)).rejects.toThrow('Two migrations have the number 1')
})

test('has the same hash for either kind of line end, and another for another text', async () => {
  const before = hashMigrations(await readMigrations(folder))
  await file('001-first.sql', 'create table nexus.a (n int)\r\n--;;\r\ninsert into nexus.a values (1)')
  expect(hashMigrations(await readMigrations(folder))).toBe(before)
  await file('001-first.sql', 'create table nexus.a (n int)')
  expect(hashMigrations(await readMigrations(folder))).not.toBe(before)
})

test('everything a migration makes belongs to the owner role', async () => {
  await administer(url, client => client.query(`grant create on database ${new URL(url).pathname.slice(1)} to nexus_owner`))
  await migrate({ url, folder, role: 'nexus_owner' })
  expect(await rows(`select distinct tableowner::text as owner from pg_tables where schemaname = 'nexus'`)).toEqual([
    { owner: 'nexus_owner' },
  ])
})
