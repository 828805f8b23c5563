/**
 * `npm run smoke [-- <url>]`: asks a running instance the few questions that tell whether it is there and works, over HTTP alone.
 * Uses the demo tenant's rep unless told otherwise; takes back what it created where it may. Exit code 1 when an answer is wrong.
 */
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tenant: { type: 'string', default: 'demo' },
    email: { type: 'string', default: 'rep@demo.test' },
    // From the environment: a command line can be read by every user of the machine.
    'password-from': { type: 'string', default: 'SMOKE_PASSWORD' },
  },
})
const origin = (positionals[0] ?? process.env['NEXUS_PUBLIC_URL'] ?? `http://localhost:${process.env['PORT'] ?? '8080'}`).replace(/\/$/, '')
const password = process.env[values['password-from']] ?? 'nexus-demo-1'
const PATIENCE_MS = 10_000

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: { readonly data?: unknown; readonly code?: string; readonly name?: unknown; readonly version?: unknown }
}

let token = ''
let failures = 0

await step('GET /health', 200, () => ask('GET', '/health'))
await step(
  'GET /version',
  200,
  () => ask('GET', '/version'),
  ({ body }) => describe(body.data ?? body),
)
await step(
  'GET /content/version',
  200,
  () => ask('GET', '/content/version'),
  ({ body }) => describe(body.data ?? body),
)
const signedIn = await step(`sign in as ${values.email}`, 200, () =>
  ask('POST', '/api/auth/login', { tenant: values.tenant, email: values.email, password }),
)
token = String(member(signedIn?.body.data, 'access_token') ?? '')
if (token !== '') {
  await step(
    'list deals',
    200,
    () => ask('GET', '/api/records/deal?limit=5'),
    ({ body }) => `${Array.isArray(body.data) ? body.data.length : 'no'} rows`,
  )
  const created = await step(
    'create a task',
    201,
    () => ask('POST', '/api/records/task', { subject: 'Smoke test' }),
    ({ headers }) => headers.get('location') ?? 'no location',
  )
  const location = created?.headers.get('location')
  if (location !== undefined && location !== null) {
    const path = new URL(location, origin).pathname
    await step(
      'read it back',
      200,
      () => ask('GET', path),
      ({ body }) => String(member(body.data, 'subject')),
    )
    const deleted = await ask('DELETE', path, undefined, { 'if-match': created?.headers.get('etag') ?? '"1"' }).catch(() => undefined)
    console.log(
      `  · ${deleted !== undefined && deleted.status < 300 ? 'deleted it again' : `${values.email} may not delete tasks: it stays`}`,
    )
  }
}
console.log(failures === 0 ? `${origin} works` : `${origin}: ${failures} of these went wrong`)
process.exitCode = failures === 0 ? 0 : 1

async function step(
  name: string,
  expected: number,
  call: () => Promise<Answer>,
  tell?: (answer: Answer) => string,
): Promise<Answer | undefined> {
  const started = performance.now()
  try {
    const answer = await call()
    const ms = `${Math.round(performance.now() - started)} ms`
    const isRight = answer.status === expected
    if (!isRight) failures += 1
    const words = isRight ? (tell?.(answer) ?? '') : `answered ${answer.status} ${answer.body.code ?? ''}, expected ${expected}`
    console.log(`${isRight ? '✓' : '✗'} ${name} (${ms})${words === '' ? '' : `: ${words}`}`)
    return isRight ? answer : undefined
  } catch (error) {
    failures += 1
    console.log(`✗ ${name}: no answer (${reasonOf(error)})`)
    return undefined
  }
}

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: {
      ...headers,
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function describe(value: unknown): string {
  return ['name', 'version', 'commit']
    .map(name => String(member(value, name) ?? ''))
    .filter(text => text !== '')
    .join(' ')
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined)?.code : undefined
  return cause ?? (error instanceof Error ? error.message : String(error))
}
