/** The documents as other people's tools take them: two linters find nothing in any role's, and the types made of one compile and drive the engine. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import spectralCore, { type RulesetDefinition } from '@stoplight/spectral-core'
import spectralRules from '@stoplight/spectral-rulesets'
import openapiTypes, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSales, type Person, type Sales } from '../harness/sales.ts'

const LINT_MS = 600_000
const STAFF = ['manager', 'rep', 'clerk', 'auditor', 'analyst'] as const
const PARTNERS = ['client', 'supplier', 'professional'] as const
const root = resolve(import.meta.dirname, '../../..')
let sales: Sales
const people = new Map<string, Person>()
let folder: string

beforeAll(async () => {
  sales = await openSales()
  people.set('admin', sales.admin)
  for (const role of STAFF) people.set(role, await sales.person([role], sales.north))
  for (const role of PARTNERS) people.set(role, await sales.person([role], sales.north, role))
  folder = await mkdtemp(join(tmpdir(), 'nexus-generated-'))
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A linter keeps the process busy, and a busy engine refuses: asked again, it answers once there is air. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let trial = 0; ; trial++) {
    try {
      return await ask()
    } catch (error) {
      if (trial === 60 || !String(error).includes('HTTP_OVERLOADED')) throw error
      await new Promise(resolve => setTimeout(resolve, 500))
    }
  }
}

async function documentOf(role: string): Promise<string> {
  const answer = await patiently(async () => people.get(role)?.get('/api/openapi.json'))
  if (answer?.status !== 200) throw new Error(`${role} gets no document.`)
  return answer.text
}

test.each([...PARTNERS, ...STAFF, 'admin'])(
  'linters find neither an error nor a warning in the document of %s',
  { timeout: LINT_MS },
  async role => {
    const text = await documentOf(role)
    const spectral = new spectralCore.Spectral()
    spectral.setRuleset({ extends: [[spectralRules.oas as RulesetDefinition, 'recommended']] })
    const found = await spectral.run(JSON.parse(text))
    expect(found.map(({ code, path, message }) => `${code} ${path.join('/')} ${message}`)).toEqual([])
    const config = await createConfig({ extends: ['recommended'] })
    const problems = await lintFromString({ source: text, config, absoluteRef: '/openapi.json' })
    expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer ?? ''} ${message}`)).toEqual([])
  },
)

test('linters do find errors where there are some', { timeout: LINT_MS }, async () => {
  const source = JSON.stringify({ openapi: '3.1.0', info: { title: 'x' }, paths: { '/x/{id}': { get: { responses: { 200: {} } } } } })
  const problems = await lintFromString({ source, config: await createConfig({ extends: ['recommended'] }), absoluteRef: '/openapi.json' })
  expect(problems.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(1)
})

/** The next line of the program is one that the compiler has to refuse. */
const HAS_TO_FAIL = ['@ts', 'expect', 'error'].join('-')

/** A program as somebody writes it over the generated types: what it says of records is checked by the compiler, not here. */
const PROGRAM = `
import type { components, operations } from './api.ts'

type Deal = components['schemas']['deal']
type NewDeal = components['schemas']['deal.create']
type Query = components['schemas']['deal.query']
type Created = operations['create_deal']['responses'][201]['content']['application/json']
type Listed = operations['query_deal']['responses'][200]['content']['application/json']
type Changed = operations['update_deal']['responses'][200]['content']['application/json']
type Filter = components['schemas']['deal.where']
type Bulk = operations['bulk_deal']['requestBody']['content']['application/json']
type Done = operations['bulk_deal']['responses'][200]['content']['application/json']
type Refused = operations['create_deal']['responses'][422]['content']['application/problem+json']
type Stale = operations['update_deal']['responses'][412]['content']['application/problem+json']

const [origin = '', token = ''] = process.argv.slice(2)

async function call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(origin + path, {
    method,
    headers: { authorization: \`Bearer \${token}\`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as T
}

async function refusal<T>(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(origin + path, {
    method,
    headers: { authorization: \`Bearer \${token}\`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (answer.ok) throw new Error('It was not refused.')
  return (await answer.json()) as T
}

const fresh: NewDeal = { name: 'Fitting of the new shop', amount: '1250.00', stage: 'lead' }
const created = await call<Created>('POST', '/api/records/deal', fresh)
const deal: Deal = created.data
const query: Query = { select: ['name', 'amount'], where: { amount: { gte: '1000' } }, limit: 5 }
const listed = await call<Listed>('POST', '/api/records/deal/query', query)
const changed = await call<Changed>('PATCH', \`/api/records/deal/\${deal.id}\`, { name: 'Fitting of two shops' }, { 'if-match': \`"\${deal.version}"\` })
const filter: Filter = { stage: { in: ['lead', 'won'] }, customer: { is_null: true } }
const found = await call<Listed>('GET', \`/api/records/deal?where=\${encodeURIComponent(JSON.stringify(filter))}&sort=-name\`)
const bulk: Bulk = { operations: [{ op: 'create', values: fresh }, { op: 'delete', id: deal.id, version: changed.data.version }], atomic: true }
const done = await call<Done>('POST', '/api/records/deal/bulk', bulk)
const stale = await refusal<Stale>('PATCH', \`/api/records/deal/\${done.data[0]?.id}\`, { name: 'x' }, { 'if-match': '"9"' })
const version: 'RECORDS_VERSION_STALE' = stale.code
const refused = await refusal<Refused>('POST', '/api/records/deal', { name: '' })
const codes = [refused.status satisfies 422, refused.code, refused.errors?.[0]?.pointer, version]
// ${HAS_TO_FAIL}: no operation that creates says so.
const never: Refused['code'] = 'RECORDS_VERSION_STALE'
// ${HAS_TO_FAIL}: no such operator.
const unfiltered: Filter = { stage: { like: 'x' } }
// ${HAS_TO_FAIL}: a delete names its version.
const blind: Bulk = { operations: [{ op: 'delete', id: deal.id }] }
void [never, unfiltered, blind]
// ${HAS_TO_FAIL}: no such stage.
const wrong: NewDeal = { name: 'x', stage: 'nowhere' }
// ${HAS_TO_FAIL}: no such field.
const unknown: NewDeal = { name: 'x', nmae: 'y' }
void [wrong, unknown]
console.log(JSON.stringify({ version: changed.data.version, names: listed.data.map(record => record.name), found: found.data.length, done: done.data.map(each => each.op), codes }))
`

test('types made of the document compile, refuse what the engine would refuse, and drive it', { timeout: LINT_MS }, async () => {
  const types = astToString(await openapiTypes(JSON.parse(await documentOf('admin'))))
  await writeFile(join(folder, 'api.ts'), types)
  await writeFile(join(folder, 'program.ts'), PROGRAM)
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: 'es2024',
    module: 'nodenext',
    allowImportingTsExtensions: true,
    types: ['node'],
    skipLibCheck: true,
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['program.ts'] }))
  expect(await run(join(root, 'node_modules/typescript/bin/tsc'), '-p', folder)).toEqual('')
  const { origin, token } = sales.admin.session()
  await patiently(() => sales.admin.get('/api/me'))
  expect(JSON.parse(await run(join(folder, 'program.ts'), origin, token))).toEqual({
    version: 2,
    names: ['Fitting of the new shop'],
    found: 1,
    done: ['create', 'delete'],
    codes: [422, 'VALIDATE_FAILED', '/name', 'RECORDS_VERSION_STALE'],
  })
  expect((await readFile(join(folder, 'api.ts'), 'utf8')).length).toBeGreaterThan(10_000)
})

function run(...args: string[]): Promise<string> {
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      error === null ? done(stdout) : fail(new Error(`${stdout}${stderr}`.slice(0, 3_000))),
    )
  })
}
