/** Roles on a server of their own: they belong to the whole server, and these tests spoil them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer } from '../test/harness/server.ts'
import { prepareRoles, prepareServingLogin, RolesMissing } from './roles.sql.ts'
import { administer, ensureDatabase, withDatabase } from './server-admin.ts'

let server: Awaited<ReturnType<typeof startTestServer>>

beforeAll(async () => {
  server = await startTestServer(() => undefined)
})
afterAll(() => server.stop())

const run = (text: string): Promise<unknown> => administer(server.adminUrl, client => client.query(text))
const as = (login: string): string => {
  const url = new URL(server.adminUrl)
  url.username = login
  url.password = 'x'
  return url.href
}

test('a login without the right gets the SQL that an administrator runs for it', async () => {
  await run(`create role plain login password 'x'`)
  const missing = await prepareRoles(as('plain')).catch((error: unknown) => error)
  expect(missing).toBeInstanceOf(RolesMissing)
  const { sql, message } = missing as RolesMissing
  expect(message).toContain('plain may not create them')
  await run(sql)
  await prepareRoles(as('plain'))
})

test('a login that may create roles needs no administrator', async () => {
  await run(`drop owned by nexus_owner; drop role nexus_owner, nexus_engine, nexus_relay, nexus_search, nexus_jobs`)
  await run(`create role maker login createrole password 'x'`)
  await run('create database made owner maker')
  await prepareRoles(withDatabase(as('maker'), 'made'))
  await prepareRoles(withDatabase(as('maker'), 'made'))
})

test('many starts at once get along', async () => {
  await run('grant create on database made to nexus_owner')
  const names = ['one', 'two', 'three', 'four']
  for (const name of names) await ensureDatabase(server.adminUrl, name)
  await Promise.all(names.map(name => prepareRoles(withDatabase(server.adminUrl, name))))
})

test.each(['superuser', 'bypassrls'])('refuses a role that is %s', async power => {
  await prepareRoles(server.adminUrl)
  await run(`alter role nexus_relay ${power}`)
  await expect(prepareRoles(server.adminUrl)).rejects.toThrow('nexus_relay must not bypass row security')
  await run(`alter role nexus_relay no${power}`)
})

test('many starts at once make one serving login', async () => {
  await prepareRoles(server.adminUrl)
  const login = { name: 'server', password: 'x' }
  const urls = await Promise.all(Array.from({ length: 8 }, () => prepareServingLogin(server.adminUrl, login)))
  const roles = await administer(urls[0] ?? '', client =>
    client.query<{ name: string }>(`select rolname::text as name from pg_roles where pg_has_role(session_user, oid, 'MEMBER') order by 1`),
  )
  expect(roles.rows.map(row => row.name)).toEqual(['nexus_engine', 'nexus_jobs', 'nexus_relay', 'server'])
})
