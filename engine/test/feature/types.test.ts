/** The types of a caller and the client that goes by them, as a stranger would use both: fetched from a server, compiled, run. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPrograms } from '../docs-examples.ts'
import { PASSWORD, startWorkspace } from '../harness/workspace.ts'
import { root } from '../source-files.ts'
import { createClient } from '../../../metadata/client/client.ts'

const folder = mkdtempSync(join(tmpdir(), 'nexus-types-'))
const tokens = new Map<string, string>()
let url = ''

beforeAll(async () => {
  const workspace = await startWorkspace()
  const { org_unit_id } = await workspace.createTenant('demo')
  url = await workspace.listen()
  const admin = await workspace.signIn('demo', 'admin@demo.test')
  for (const role of ['rep', 'auditor']) {
    const user = { email: `${role}@demo.test`, name: role, actor: 'employee', roles: [role], org_unit_id, password: PASSWORD }
    expect((await admin('POST', '/api/admin/users', user)).status).toBe(201)
  }
  for (const person of ['admin', 'rep', 'auditor']) {
    const answer = await fetch(`${url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tenant: 'demo', email: `${person}@demo.test`, password: PASSWORD }),
    })
    tokens.set(person, ((await answer.json()) as { data: { access_token: string } }).data.access_token)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const ask = (person: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${url}/api/types.ts`, { headers: { authorization: `Bearer ${tokens.get(person) ?? ''}`, ...headers } })

test('are written once for a revision, a set of profiles and a language, and not sent again', async () => {
  const [first, second] = [await ask('rep'), await ask('rep')]
  expect([first.status, first.headers.get('content-type'), first.headers.get('cache-control')]).toEqual([
    200,
    'text/plain; charset=utf-8',
    'private, no-cache',
  ])
  expect(await second.text()).toBe(await first.text())
  const etag = first.headers.get('etag') ?? ''
  expect((await ask('rep', { 'if-none-match': etag })).status).toBe(304)
  expect((await ask('admin', { 'if-none-match': etag })).status).toBe(200)
  expect((await ask('rep', { 'if-none-match': etag, 'accept-language': 'ru' })).status).toBe(200)
})

test('name nothing that the caller can not see, in his own language', async () => {
  const [admin, rep] = [await (await ask('admin')).text(), await (await ask('rep', { 'accept-language': 'ru' })).text()]
  expect(admin).toMatch(/^ {2}cost: string \| null$/m)
  expect(rep).not.toMatch(/\bcost\b|margin/)
  expect(rep).toContain('/** Сделка */\nexport interface Deal {')
  expect(rep).not.toContain('/** Deal */')
})

test('are written aside: whoever asks for something else meanwhile does not wait', async () => {
  const began = performance.now()
  let duration: number | null = null
  const types = ask('auditor', { 'accept-language': 'uk' }).then(answer => {
    duration = performance.now() - began
    return answer.text()
  })
  const waits: number[] = []
  while (duration === null) {
    const started = performance.now()
    await (await fetch(`${url}/health`)).text()
    waits.push(performance.now() - started)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  expect((await types).length).toBeGreaterThan(10_000)
  expect(waits.length).toBeGreaterThan(5)
  // Written among the requests, the types would make one of them wait for as long as they take.
  expect(Math.max(...waits)).toBeLessThan(duration / 2)
})

describe('in a program', () => {
  const compilers = [
    ['TypeScript 7', 'node_modules/typescript-7/bin/tsc'],
    ['TypeScript 5.9', 'node_modules/typescript/bin/tsc'],
  ] as const

  beforeAll(async () => {
    mkdirSync(join(folder, 'program'))
    const write = (name: string, text: string): void => writeFileSync(join(folder, 'program', name), text)
    write('nexus.ts', await (await ask('rep')).text())
    write('admin.ts', await (await ask('admin')).text())
    for (const name of ['client.js', 'client.d.ts']) write(name, await (await fetch(`${url}/api/${name}`)).text())
    write('right.ts', RIGHT)
    write('wrong.ts', WRONG)
    const programs = readPrograms('docs/how-to/use-the-client.md')
    expect(programs).not.toEqual([])
    for (const { name, text } of programs) write(name, text)
    write('package.json', '{"type":"module"}')
    write('tsconfig.json', JSON.stringify({ compilerOptions: STRICT, include: ['*.ts'] }))
  })

  test.each(compilers)(
    'compile strictly under %s, and let it find every wrong name and operator',
    async (_name, compiler) => {
      const output = await compile(compiler)
      const found = [...output.matchAll(/^(\S+?)\((\d+),\d+\): error/gm)].map(([, file, line]) => `${file}:${line}`)
      const wrong = WRONG.split('\n').flatMap((line, at) => (line.includes('// wrong') ? [`wrong.ts:${at + 1}`] : []))
      expect([...new Set(found)].sort(), output).toEqual(wrong.sort())
      // A path is told by what would be right in its place, however far it leads; nobody is left alone with a type without values.
      for (const right of ['customer.owner_id.org_unit_id.name', 'owner_id.org_unit_id.parent.parent.name'])
        expect(output).toContain(`Did you mean '"${right}"'?`)
      expect(output).not.toContain("'never'")
    },
    60_000,
  )

  test('offer an editor the next step of a path, however far it leads', () => {
    const [file, at] = [join(folder, 'program/typing.ts'), TYPING.indexOf('|')] as const
    writeFileSync(file, TYPING.replace('|', ''))
    const service = ts.createLanguageService({
      getScriptFileNames: () => [file],
      getScriptVersion: () => '1',
      getScriptSnapshot: name => (ts.sys.fileExists(name) ? ts.ScriptSnapshot.fromString(ts.sys.readFile(name) ?? '') : undefined),
      getCurrentDirectory: () => folder,
      getCompilationSettings: () => ({ strict: true, module: ts.ModuleKind.NodeNext, allowImportingTsExtensions: true, noEmit: true }),
      getDefaultLibFileName: options => ts.getDefaultLibFilePath(options),
      fileExists: name => ts.sys.fileExists(name),
      readFile: name => ts.sys.readFile(name),
    })
    const offered = service.getCompletionsAtPosition(file, at, {})?.entries.map(entry => entry.name)
    rmSync(file)
    expect(offered).toContain('customer.owner_id.org_unit_id.name')
    expect(offered?.filter(name => !name.startsWith('customer.owner_id.org_unit_id.'))).toEqual(['name'])
  })

  test('what compiles runs, and gives what its types say', async () => {
    const client = createClient({ url })
    await client.signIn({ tenant: 'demo', email: 'rep@demo.test', password: PASSWORD })
    const { main } = (await import(join(folder, 'program/right.ts'))) as { main: (url: string, password: string) => Promise<unknown> }
    expect(await main(url, PASSWORD)).toEqual({
      names: ['Shelves 0', 'Shelves 1', 'Shelves 2'],
      first: { id: expect.any(String), version: 1, name: 'Shelves 0', customer: { id: expect.any(String), name: 'Acme' }, tasks: [] },
      groups: [{ stage: 'lead', n: 3, total: '30.00' }],
    })
    expect(readFileSync(join(folder, 'program/nexus.ts'), 'utf8')).toContain('export interface Nexus {')
  })

  function compile(compiler: string): Promise<string> {
    const child = spawn(process.execPath, [join(root, compiler), '-p', '.', '--pretty', 'false'], { cwd: join(folder, 'program') })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
    return new Promise(done => child.on('close', () => done(output)))
  }
})

const STRICT = {
  target: 'es2022',
  module: 'nodenext',
  lib: ['es2023', 'dom', 'dom.iterable'],
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  noEmit: true,
}

const RIGHT = `import { createClient } from './client.js'
import type { Deal, DealCreate, Nexus } from './nexus.ts'

export async function main(url: string, password: string) {
  const client = createClient<Nexus>({ url })
  await client.signIn({ tenant: 'demo', email: 'rep@demo.test', password })
  const customer = await client.create('customer', { name: 'Acme' })
  const values: DealCreate = { name: 'Shelves', amount: '10.00', ...(customer === null ? {} : { customer: customer.id }) }
  const results = await client.bulk('deal', [0, 1, 2].map(at => ({ op: 'create', values: { ...values, name: \`Shelves \${at}\` } })))
  const id: string | undefined = results[0]?.id
  const names: (string | null | undefined)[] = []
  for await (const deal of client.list('deal', { select: ['name'], where: { name: { starts_with: 'Shelves' } }, sort: ['name'], limit: 2 })) {
    names.push(deal.name)
  }
  const first = await client.page('deal', {
    select: ['name', 'customer.name', { tasks: { select: ['subject', 'assignee.name'], sort: ['due_on'], limit: 5 } }],
    where: { id: { eq: id ?? '' }, or: [{ stage: { in: ['lead', 'won'] } }, { customer: { industry: { eq: 'retail' } } }, { tasks: { some: { status: { ne: 'done' } } } }] },
  })
  const reference: string | null | undefined = first.data[0]?.customer?.name
  const subject: string | null | undefined = first.data[0]?.tasks[0]?.assignee?.name
  const groups = await client.aggregate('deal', {
    group_by: ['stage'],
    measures: { n: { count: '*' }, total: { sum: 'amount' } },
    where: { name: { starts_with: 'Shelves' } },
    having: { n: { gte: 1 } },
  })
  const counted: number | undefined = groups[0]?.n
  const whole: Deal['stage'] = (await client.read('deal', id ?? '')).stage
  const read = await client.read('deal', id ?? '', { select: ['amount', 'owner_id.org_unit_id.name'] })
  const unit: string | null | undefined = read.owner_id?.org_unit_id?.name
  const far = await client.read('deal', id ?? '', { select: ['customer.owner_id.org_unit_id.name', 'owner_id.org_unit_id.parent.parent.name'] })
  const third: string | null | undefined = far.customer?.owner_id?.org_unit_id?.name
  const fourth: string | null | undefined = far.owner_id?.org_unit_id?.parent?.parent?.name
  const units = await client.aggregate('deal', { group_by: ['customer.owner_id.org_unit_id.kind'], measures: { n: { count: '*' } } })
  const kind: string | number | boolean | null | undefined = units[0]?.['customer.owner_id.org_unit_id.kind']
  void [reference, subject, kind, counted, whole, unit, third, fourth]
  return { names, first: first.data[0], groups }
}
`

const TYPING = `import { createClient } from './client.js'
import type { Nexus } from './nexus.ts'
void createClient<Nexus>().page('deal', { select: ['name', 'customer.owner_id.org_unit_id.|'] })
`

const WRONG = `import { createClient } from './client.js'
import type { Nexus } from './nexus.ts'
const client = createClient<Nexus>()
const seen = { id: 'x', version: 1 }
void client.page('deals') // wrong
void client.page('deal', { select: ['nmae'] }) // wrong
void client.page('deal', { select: ['customer.nmae'] }) // wrong
void client.page('deal', { select: ['customer.owner_id.org_unit_id.nmae'] }) // wrong
void client.page('deal', { select: ['owner_id.org_unit_id.parent.paernt.name'] }) // wrong
void client.page('deal', { select: ['owner_id.org_unit_id.parent.parent.parent.name'] }) // wrong
void client.read('deal', 'x', { select: ['customer.owner_id.org_unit_id.nmae'] }) // wrong
void client.page('deal', { select: [{ tasks: { select: ['nmae'] } }] }) // wrong
void client.page('deal', { where: { nmae: { eq: 'x' } } }) // wrong
void client.page('deal', { where: { name: { within: 'x' } } }) // wrong
void client.page('deal', { where: { stage: { eq: 'lost_in_space' } } }) // wrong
void client.page('deal', { where: { amount: { gt: 1000 } } }) // wrong
void client.page('deal', { where: { tasks: { any: {} } } }) // wrong
void client.page('deal', { sort: ['-nmae'] }) // wrong
void client.page('deal', { offset: 10 }) // wrong
void client.create('deal', { name: 'x', nmae: 'y' }) // wrong
void client.create('deal', { amount: '1.00' }) // wrong
void client.create('org_unit', { name: 'x' }) // wrong
void client.update('deal', seen, { number: 'D-1' }) // wrong
void client.update('deal', { id: 'x' }, { name: 'y' }) // wrong
void client.aggregate('deal', { measures: { total: { sum: 'name' } } }) // wrong
void client.aggregate('deal', { group_by: ['nmae'], measures: { n: { count: '*' } } }) // wrong
void client.aggregate('deal', { group_by: ['customer.owner_id.nmae'], measures: { n: { count: '*' } } }) // wrong
void client.aggregate('deal', { group_by: ['customer.owner_id.org_unit_id.nmae'], measures: { n: { count: '*' } } }) // wrong
void client.page('deal', { select: ['name'] }).then(({ data }) => data[0]?.amount) // wrong
void client.bulk('deal', [{ op: 'update', id: 'x', values: { name: 'y' } }]) // wrong
`
