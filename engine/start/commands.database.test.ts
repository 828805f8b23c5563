/** The command line as an operator types it: processes of their own over a database of the test's, with their answers and exit codes. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { administer } from '../platform/server-admin.ts'
import { openSales, type Sales } from '../test/harness/sales.ts'

// Each command is a process that loads the program.
vi.setConfig({ testTimeout: 60_000 })
const PACK = join(import.meta.dirname, '../../seeds/sales')
const folder = mkdtempSync(join(tmpdir(), 'nexus-commands-'))
afterAll(() => rmSync(folder, { recursive: true }))
let sales: Sales

beforeAll(async () => {
  sales = await openSales()
  for (const name of ['Alder', 'Birch', 'Cedar']) await sales.admin.create('product', { name, sku: name.toUpperCase(), price: '1.00' })
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const envOf = (changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
  NODE_ENV: 'test',
  NEXUS_DATA_DIR: folder,
  DATABASE_URL: sales.adminUrl,
  ...changes,
})

const nexus = (...args: string[]): Promise<Ended> => nexusWith({}, ...args)

function nexusWith(changes: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  const env = envOf(changes)
  return new Promise(done => {
    execFile(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...args], { env }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}

const as = ['--tenant', 'acme', '--as', 'admin@acme.test']

test('export writes what the user may see, and the audit knows of it', async () => {
  const out = join(folder, 'products.csv')
  const { code, stdout } = await nexus(
    'export',
    ...as,
    '--entity',
    'product',
    '--query',
    '{"select":["name"],"sort":["name"]}',
    '--out',
    out,
  )
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  expect(readFileSync(out, 'utf8')).toBe('\uFEFFname\r\nAlder\r\nBirch\r\nCedar\r\n')
  const query = ['--entity', 'product', '--query', '{"select":["name"],"sort":["name"]}']
  const json = await nexus('export', ...as, ...query, '--format', 'json', '--json')
  expect(JSON.parse(json.stdout)).toMatchObject({ data: [{ name: 'Alder' }, { name: 'Birch' }, { name: 'Cedar' }] })
  expect(JSON.parse(json.stderr.replace(/^WARNING: Postgres .*$/m, ''))).toEqual({ file: null, entity: 'product', format: 'json', rows: 3 })
  const book = join(folder, 'products.xlsx')
  const answered = await nexus('export', ...as, ...query, '--format', 'xlsx', '--out', book, '--json')
  expect(JSON.parse(answered.stdout)).toEqual({ file: book, entity: 'product', format: 'xlsx', rows: 3 })
  const told = await sales.peek(`select count(*)::int as n from nexus.audit where action = 'record.exported'`)
  expect(told).toEqual([{ n: 3 }])
})

test('export refuses before a file is there', async () => {
  const out = join(folder, 'nothing.csv')
  const trials: [string[], number, RegExp][] = [
    [[...as, '--entity', 'prodct', '--out', out], 1, /Not found/],
    [[...as, '--entity', 'product', '--query', '{"select":["nam"]}', '--out', out], 2, /nam/],
    [[...as, '--entity', 'product', '--query', '{"select"', '--out', out], 2, /--query is not JSON/],
    [[...as, '--entity', 'product', '--format', 'pdf', '--out', out], 2, /--format is one of csv, json/],
    [['--tenant', 'acme', '--as', 'nobody@acme.test', '--entity', 'product', '--out', out], 1, /Nobody signs in/],
    [[...as, '--out', out], 2, /--entity is needed/],
  ]
  await Promise.all(
    trials.map(async ([args, code, words]) => {
      const ended = await nexus('export', ...args)
      expect([ended.code, ended.stdout], args.join(' ')).toEqual([code, ''])
      expect(ended.stderr).toMatch(words)
    }),
  )
  expect(existsSync(out)).toBe(false)
  expect(readdirSync(folder).filter(name => name.endsWith('.partial'))).toEqual([])
})

test('openapi writes what the user is answered, in the language that was asked for', async () => {
  const out = join(folder, 'openapi.json')
  const told = await nexus('openapi', ...as, '--locale', 'ru', '--json', '--out', out)
  expect([told.code, told.stdout]).toEqual([0, ''])
  const { info, ...written } = JSON.parse(readFileSync(out, 'utf8'))
  const asked = await sales.admin.send('GET', '/api/openapi.json', undefined, { 'accept-language': 'ru' })
  const { info: _info, ...answered } = asked.json
  expect(written).toEqual(answered)
  expect(info.title).toBe('Nexus: Acme')
  const refused = await nexus('openapi', ...as, '--locale', 'xx', '--out', out)
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--locale is one of en')])
})

test('help is an answer, a slip of the hand is not', async () => {
  const help = await nexus('help')
  expect(help.code).toBe(0)
  expect(help.stdout).toContain('Take records out into a file.')
  expect(await nexus('help', 'export')).toEqual(await nexus('export', '--help'))
  expect(await nexus('exprot')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Is export meant?') })
  expect(await nexus('export', '--tennant', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('Is --tenant meant?') })
})

test('migrate and audit answer as JSON', async () => {
  const migrated = await nexus('migrate', '--json')
  expect([migrated.code, JSON.parse(migrated.stdout)]).toEqual([0, { applied: [] }])
  const audit = await nexus('audit', '--json')
  // Sealed with the secret of the harness, asked with the one of this folder.
  expect(JSON.parse(audit.stdout)).toMatchObject({ tenants: [{ key: 'acme', seals: 0 }] })
})

test('mend makes anew what was changed past the engine, and leaves what no record tells', async () => {
  const { id: root } = await sales.admin.create('product_category', { name: 'Racks', code: 'RACK' })
  const { id: leaf } = await sales.admin.create('product_category', { name: 'Pallet racks', code: 'PALLET', parent: root })
  const { id: product } = await sales.admin.create('product', { name: 'Doe', sku: 'DOE', price: '1.00', category: leaf, tags: ['steel'] })
  const { id: customer } = await sales.admin.create('customer', { name: 'Elm', party: ['client'], status: 'active' })
  await sales.admin.create('deal', { name: 'First', customer })
  const { entities } = JSON.parse(readFileSync(join(PACK, 'pack.lock.json'), 'utf8'))
  const openDeals = entities.customer.fields.open_deals
  const state = () =>
    sales.peek(
      `select (select jsonb_agg(to_jsonb(r) order by r.id) from nexus.record r where r.id = any($1)) as records,
        (select jsonb_agg(value order by value) from nexus.record_value where id = any($1)) as values,
        (select jsonb_agg(value order by value) from nexus.record_unique where record_id = any($1)) as uniques,
        (select jsonb_agg(jsonb_build_array(field_no, s, g) order by id, field_no) from nexus.record_search where id = any($1)) as search`,
      [[root, leaf, product, customer]],
    )
  const before = await state()
  const breaking = [
    `update nexus.record set t1 = 'zzz' where id = '${product}'`,
    `update nexus.record set data = data || '{"${openDeals.no}": 9}' where id = '${customer}'`,
    `delete from nexus.record_value where id in ('${leaf}', '${product}')`,
    `insert into nexus.record_value select tenant_id, entity_no, ${entities.product.fields.tags.no}, 'wood', id from nexus.record where id = '${product}'`,
    `delete from nexus.record_unique where record_id = '${product}'`,
    `delete from nexus.record_search where id = '${customer}'`,
  ]
  for (const text of breaking) await sales.peek(text)
  const broken = await state()
  expect(broken).not.toEqual(before)

  const trial = await nexus('mend', ...as, '--dry-run', '--json')
  const told = JSON.parse(trial.stdout) as { entities: { left: { kind: string }[] }[] }
  expect(trial.code).toBe(1)
  expect(new Set(told.entities.flatMap(each => each.left.map(({ kind }) => kind)))).toEqual(
    new Set(['slot', 'rollup', 'value', 'ancestor', 'unique', 'search']),
  )
  expect(await state()).toEqual(broken)

  // Somebody is at one of them meanwhile, and goes first.
  const writing = administer(sales.adminUrl, async client => {
    await client.query('begin')
    await client.query('select 1 from nexus.record where id = $1 for update', [product])
    await sleep(3_000)
    await client.query('rollback')
  })
  const mended = await nexus('mend', ...as, '--json')
  await writing
  expect([mended.code, JSON.parse(mended.stdout)]).toMatchObject([0, { well: true }])
  expect(await state()).toEqual(before)
  expect(
    await sales.peek(`select entity, details->'fields' as fields from nexus.audit where action = 'record.mended' order by entity`),
  ).toEqual([
    { entity: 'customer', fields: expect.arrayContaining(['open_deals']) },
    { entity: 'product', fields: expect.arrayContaining(['tags']) },
    { entity: 'product_category', fields: ['parent'] },
  ])

  // What stands in nobody's values is told and left.
  await sales.peek(`delete from nexus.record_history where record_id = '${customer}'`)
  const left = await nexus('mend', ...as, '--entity', 'customer')
  expect([left.code, left.stdout]).toEqual([1, ''])
  expect(left.stderr).toMatch(new RegExp(`customer ${customer}: history version is 0, should be 1`))
  const slip = await nexus('mend', ...as, '--entity', 'custmer')
  expect([slip.code, slip.stderr]).toEqual([1, expect.stringContaining('Is customer meant?')])
})

test('who reads no further ends no command with a stack', async () => {
  const cut = async (...args: string[]): Promise<Omit<Ended, 'stdout'>> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...args], {
      env: envOf(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    const [[code], stderr] = await Promise.all([once(child, 'close') as Promise<[number]>, text(child.stderr)])
    return { code, stderr: stderr.replace(/^WARNING: Postgres .*\n/m, '') }
  }
  expect(await cut('types', ...as)).toEqual({ code: 0, stderr: '' })
  const gone = { code: 1, stderr: 'nexus: whoever read standard output is gone: it has not got all of it.\n' }
  expect(await cut('export', ...as, '--entity', 'product')).toEqual(gone)
  expect(await cut('backup', '--tenant', 'acme', '--out', '-')).toEqual(gone)
})

test('a database that is away, or refuses the login, is named with the reason', async () => {
  const refused = new URL(sales.adminUrl)
  refused.password = 'not-this-one'
  const trials: [string, RegExp][] = [
    ['postgres://nexus:x@127.0.0.1:9/nexus', /does not let Nexus in: connect ECONNREFUSED 127\.0\.0\.1:9\. Is it up/],
    [refused.href, /password authentication failed for user "\w+"\. Is the login of DATABASE_URL right\?/],
  ]
  await Promise.all(
    trials.map(async ([url, words]) => {
      const [started, { code, stdout, stderr }] = [performance.now(), await nexusWith({ DATABASE_URL: url }, 'types', ...as)]
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(words)
      // Said once, and once more at the end.
      expect(stderr.match(/Waiting for the database/g)).toHaveLength(1)
      expect(performance.now() - started).toBeLessThan(25_000)
    }),
  )
})

test('two who make the demo tenants at once make them once, and whole', async () => {
  const [one, other] = await Promise.all([nexus('seed'), nexus('seed', '--json')])
  expect([one.code, other.code]).toEqual([0, 0])
  expect(one.stdout).toContain('demo admin@demo.test admin')
  expect(JSON.parse(other.stdout)).toHaveLength(11)
  const told = `${one.stderr}${other.stderr}`.match(/Demo tenant \w+(?=: \d+ records)/g)
  expect(told).toEqual(['Demo tenant demo', 'Demo tenant other'])
}, 180_000)

test('types writes a module of what the user may see, and nothing else', async () => {
  const [written, json, nobody] = await Promise.all([
    nexus('types', ...as),
    nexus('types', ...as, '--json'),
    nexus('types', '--tenant', 'acme', '--as', 'nobody@acme.test'),
  ])
  expect([written.code, written.stdout.split('\n')[3]]).toEqual([0, 'export interface Nexus {'])
  expect(JSON.parse(json.stdout)).toEqual({ revision: 1, etag: expect.stringMatching(/^".{32}"$/), types: written.stdout })
  expect([nobody.code, nobody.stdout]).toEqual([1, ''])
})
