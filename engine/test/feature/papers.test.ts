/** The papers as their readers would follow them: what they send is sent to a started engine, what they show is what comes back. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { UNLIMITED } from '../../guard/index.ts'
import { createServer } from '../../http/server.ts'
import { readConfig } from '../../kernel/config.ts'
import { createLog } from '../../kernel/log.ts'
import { buildEngine } from '../../start/wiring.ts'
import { COMMANDS_REFERENCE, renderCommands } from '../docs-commands.ts'
import { isAsShown, readExchanges, readPrograms, readShellBlocks } from '../docs-examples.ts'
import { readDocsPages } from '../docs-index.ts'
import { type Call, makeSample } from '../docs-sample.ts'
import { freshDatabase } from '../harness/database.ts'
import { root } from '../source-files.ts'
import { SHARED_LOOP } from '../harness/shared-loop.ts'

const folder = await mkdtemp(join(tmpdir(), 'nexus-papers-'))
const { url: databaseUrl } = await freshDatabase()
const kept = { secret: 'secret-of-the-test-harness-0123456789', operator_token: 'operator-token-of-the-test-harness' }
const { config } = readConfig({ NEXUS_DATA_DIR: folder, NODE_ENV: 'test' }, () => kept)
if (config === undefined) throw new Error('The settings of the test are wrong.')
const log = createLog({ write: () => undefined })
const wired = await buildEngine({ config, databaseUrl, redisUrl: undefined, background: true, log, rates: UNLIMITED })
const app = await createServer(wired.engine, SHARED_LOOP)
const url = await app.listen({ host: '127.0.0.1', port: 0 })
afterAll(async () => {
  await app.close()
  await wired.close()
  await rm(folder, { recursive: true })
})

const call: Call = async (method, path, token, body) => {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as { data?: unknown } }
}
const token = await makeSample(call, kept.operator_token)

const exchanges = ['QUERY-DSL', 'ERROR-CONTRACT'].flatMap(page => readExchanges(`docs/protocols/${page}.md`))

test('the protocols have examples', () => {
  expect(exchanges.length).toBeGreaterThan(10)
})

const named = exchanges.map(each => [`${each.path} ${JSON.stringify(each.body)}`, each] as const)

test.each(named)('the protocols say what comes of %s', async (_name, exchange) => {
  const { status, body } = await call(exchange.method, exchange.path, token, exchange.body)
  expect(status).toBe(exchange.status)
  expect(isAsShown(exchange.answer, body), JSON.stringify(body, null, 2)).toBe(true)
})

const hasCurl = spawnSync('curl', ['--version']).status === 0
if (!hasCurl) console.log('!!! There is no curl on this machine: the commands of the papers are SKIPPED.')

const pages = ['README.md', ...readDocsPages().map(page => page.path)].filter(page => readShellBlocks(page).length > 0)

test('the page of commands says what the command line says (npm run generate)', async () => {
  expect(readFileSync(join(root, COMMANDS_REFERENCE), 'utf8')).toBe(await renderCommands())
}, 60_000)

test('there are commands to follow', () => {
  expect(pages).toContain('README.md')
})

test.skipIf(!hasCurl).each(pages)(
  'every command of %s works',
  async page => {
    // What a page that failed left in the draft is not the next one's fault.
    await fetch(`${url}/api/studio/draft`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })
    for (const { name, text } of readPrograms(page)) await writeFile(join(folder, name), text)
    const { code, output } = await followCommands(readShellBlocks(page))
    expect(code, output).toBe(0)
  },
  60_000,
)

/** Runs the blocks as one shell session; a command that fails, or an answer that is a problem, ends it. */
function followCommands(blocks: readonly string[]): Promise<{ code: number; output: string }> {
  const here = blocks.map(block => block.replaceAll(/https?:\/\/(?:localhost:8080|nexus\.example\.com)/g, url)).join('\n')
  const script = `set -eu\ncurl() { command curl --fail-with-body --show-error "$@"; }\n${here}`
  const env = {
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    HOME: folder,
    URL: url,
    TOKEN: token,
    NEXUS_OPERATOR_TOKEN: kept.operator_token,
  }
  const child = spawn('sh', ['-c', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  return new Promise(done => child.on('close', code => done({ code: code ?? 1, output })))
}
