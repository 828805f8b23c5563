/** What every command answers and ends with, as a script that calls it sees it: done, refused, not begun; and JSON where it was asked for. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { administer } from '../platform/server-admin.ts'
import { PASSWORD, startWorkspace, type Workspace } from '../test/harness/workspace.ts'

// Each command is a process that loads the program.
vi.setConfig({ testTimeout: 60_000 })
const folder = mkdtempSync(join(tmpdir(), 'nexus-exits-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string): string => join(folder, name)
let workspace: Workspace

beforeAll(async () => {
  workspace = await startWorkspace()
  await workspace.createTenant('acme')
  const map = { kind: 'import_map', key: 'names', entity: 'customer', columns: { Name: { field: 'name' }, Email: { field: 'email' } } }
  writeFileSync(file('map.json'), JSON.stringify({ ...map, defaults: { party: ['client'], status: 'active' } }))
  writeFileSync(file('right.csv'), 'Name,Email\nAlder,a@alder.example\nBirch,b@birch.example\n')
  writeFileSync(file('wrong.csv'), 'Name,Email\nCedar,c@cedar.example\nDoe,no address\n')
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function nexus(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const settings = { PATH, NODE_COMPILE_CACHE, NODE_ENV: 'test', NEXUS_DATA_DIR: folder, DATABASE_URL: workspace.database.adminUrl, ...env }
  return new Promise(done => {
    execFile(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...args], { env: settings }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}

const as = ['--tenant', 'acme', '--as', 'admin@acme.test']
const rows = (text: string): Promise<Record<string, unknown>[]> =>
  administer(workspace.database.adminUrl, async client => (await client.query<Record<string, unknown>>(text)).rows)

test('tenant:create and user:create', async () => {
  const made = await nexus(['tenant:create', '--key', 'made', '--admin', 'admin@made.test', '--json'])
  expect([made.code, JSON.parse(made.stdout)]).toMatchObject([
    0,
    { key: 'made', admin_email: 'admin@made.test', password: expect.any(String) },
  ])
  const into = ['--tenant', 'made', '--as', 'admin@made.test']
  const person = await nexus(['user:create', ...into, '--email', 'r@made.test', '--name', 'R', '--roles', 'rep', '--json'])
  expect([person.code, JSON.parse(person.stdout)]).toMatchObject([0, { email: 'r@made.test', roles: ['rep'] }])
  const refused: [string[], number, RegExp][] = [
    [['tenant:create', '--key', 'made', '--admin', 'a@b.test', '--json'], 1, /already a tenant “made”/],
    [['tenant:create', '--key', 'a b', '--admin', 'nobody'], 2, /key: [\s\S]*admin\/email: /],
    [['tenant:create', '--admin', 'a@b.test'], 2, /--key is needed/],
    [['user:create', ...into, '--email', 'r@made.test', '--name', 'R', '--roles', 'rep'], 1, /r@made\.test|taken|address/i],
    [['user:create', ...into, '--email', 'x@made.test', '--name', 'X', '--roles', 'king'], 2, /“king” does not exist/],
    [
      ['user:create', '--tenant', 'made', '--as', 'x@y.test', '--email', 'z@made.test', '--name', 'Z', '--roles', 'rep'],
      1,
      /Nobody signs in/,
    ],
  ]
  for (const [args, code, words] of refused) {
    const ended = await nexus(args)
    expect([args.join(' '), ended.code, ended.stdout]).toEqual([args.join(' '), code, ''])
    expect(ended.stderr).toMatch(words)
  }
})

test('import', async () => {
  const how = ['import', ...as, '--map', file('map.json'), '--json']
  const [right, trial, wrong] = [
    await nexus([...how, file('right.csv')]),
    await nexus([...how, '--dry-run', file('wrong.csv')]),
    await nexus([...how, '--errors', file('errors.csv'), file('wrong.csv')]),
  ]
  expect([right.code, JSON.parse(right.stdout)]).toMatchObject([0, { status: 'done', counts: { created: 2, failed: 0 } }])
  expect([trial.code, JSON.parse(trial.stdout)]).toMatchObject([1, { dry_run: true, counts: { failed: 1 } }])
  expect([wrong.code, JSON.parse(wrong.stdout)]).toMatchObject([1, { counts: { created: 1, failed: 1 } }])
  expect(readFileSync(file('errors.csv'), 'utf8')).toMatch(/Doe.*no address/)
  const missing = await nexus([...how, file('none.csv')])
  expect([missing.code, missing.stdout, missing.stderr]).toEqual([2, '', expect.stringContaining('There is no file')])
})

test('trace answers with the stations and takes back what it wrote', async () => {
  const body = JSON.stringify({ name: 'Traced', party: ['client'], status: 'active' })
  const written = await nexus(['trace', 'POST /api/records/customer', ...as, '--body', body, '--json'])
  const told = JSON.parse(written.stdout) as { status: number; stations: Record<string, number>; steps: { station: string }[] }
  expect([written.code, told.status]).toEqual([0, 201])
  expect(Object.keys(told.stations)).toEqual(expect.arrayContaining(['identity', 'model', 'access', 'validate', 'sql']))
  expect(told.steps.some(step => step.station === 'sql')).toBe(true)
  expect(await rows(`select 1 from nexus.record where data::text like '%Traced%'`)).toEqual([])
  const refused = await nexus(['trace', 'GET /api/records/nothing', ...as])
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('404')])
  const slips = [
    ['trace', 'BREW /api/me', ...as],
    ['trace', 'POST /api/auth/logout', ...as],
    ['trace', 'GET /api/me'],
  ]
  for (const args of slips) expect([args, (await nexus(args)).code]).toEqual([args, 2])
})

test('smoke', async () => {
  const url = await workspace.app.listen({ host: '127.0.0.1', port: 0 })
  const who = ['--tenant', 'acme', '--email', 'admin@acme.test', '--json']
  const works = await nexus(['smoke', url, ...who], { SMOKE_PASSWORD: PASSWORD })
  expect([works.code, JSON.parse(works.stdout)]).toMatchObject([0, { url, ok: true }])
  const wrong = await nexus(['smoke', url, ...who], { SMOKE_PASSWORD: 'something else' })
  expect([wrong.code, JSON.parse(wrong.stdout)]).toMatchObject([1, { ok: false }])
  expect((await nexus(['smoke', 'http://127.0.0.1:1', '--json'])).code).toBe(1)
})

test('doctor', async () => {
  // The server of tests gives up durability, and that is wrong.
  const look = await nexus(['doctor', '--json', '--seconds', '5'])
  const { well, verdicts } = JSON.parse(look.stdout) as { well: boolean; verdicts: { check: string; level: string; mend?: string }[] }
  expect([look.code, well]).toEqual([1, false])
  expect(verdicts.filter(each => each.level === 'wrong').every(each => (each.mend ?? '') !== '')).toBe(true)
  const slip = await nexus(['doctor', '--sample', 'many'])
  expect([slip.code, slip.stderr]).toEqual([2, 'nexus: --sample is a number.\n'])
})

test.each([
  [['bench', '--cases', 'X1'], /there is no X1/],
  [['bench', '--seconds', 'long'], /--seconds takes whole numbers/],
  [['drill', '--writers', 'many'], /--writers is a number/],
  [['audit', '--head', 'x'], /--head is/],
  [['audit', '--tenant', 'nobody'], /no tenant/],
  [['start', '--role', 'king'], /--role is one of/],
  [['dev', '--ui-port', 'x'], /port/i],
  [['seed', 'more'], /does not know what to do with “more”/],
])('%j can not begin', async (args, words) => {
  const ended = await nexus(args)
  expect([ended.code, ended.stdout]).toEqual([2, ''])
  expect(ended.stderr).toMatch(words)
})
