/**
 * `npm run smoke [-- <url>]`: asks a running instance the few questions that tell whether it is there and works, over HTTP alone.
 * Uses the demo tenant's rep unless told otherwise; takes back what it created where it may. Exit code 1 when an answer is wrong.
 */
import { parseArgs } from 'node:util'
import { createClient, Problem, Unreachable } from '../../metadata/client/client.ts'

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

let failures = 0
// A call that is not answered in time counts as one that was not answered.
const client = createClient({
  url: origin,
  retries: 0,
  fetch: (path, init) => fetch(path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) }),
})

await step('GET /health', () => open('/health'))
await step('GET /version', () => open('/version'), describe)
await step('GET /content/version', () => open('/content/version'), describe)
const user = await step(`sign in as ${values.email}`, () => client.signIn({ tenant: values.tenant, email: values.email, password }))
if (user !== undefined) {
  await step(
    'list deals',
    () => client.page('deal', { limit: 5 }),
    ({ data }) => `${data.length} rows`,
  )
  const made = await step(
    'create a task',
    () => client.create('task', { subject: 'Smoke test' }),
    task => task?.id ?? 'not for its maker to see',
  )
  if (made !== undefined && made !== null) {
    await step(
      'read it back',
      () => client.read('task', made.id),
      task => String(task['subject']),
    )
    const deleted = await client.remove('task', made).then(
      () => true,
      () => false,
    )
    console.log(`  · ${deleted ? 'deleted it again' : `${values.email} may not delete tasks: it stays`}`)
  }
}
console.log(failures === 0 ? `${origin} works` : `${origin}: ${failures} of these went wrong`)
process.exitCode = failures === 0 ? 0 : 1

async function step<T>(name: string, call: () => Promise<T>, tell?: (answer: T) => string): Promise<T | undefined> {
  const started = performance.now()
  try {
    const answer = await call()
    const words = tell?.(answer) ?? ''
    console.log(`✓ ${name} (${Math.round(performance.now() - started)} ms)${words === '' ? '' : `: ${words}`}`)
    return answer
  } catch (error) {
    failures += 1
    console.log(`✗ ${name}: ${reasonOf(error)}`)
    return undefined
  }
}

/** What is told without a session. */
async function open(path: string): Promise<unknown> {
  const response = await fetch(origin + path, { signal: AbortSignal.timeout(PATIENCE_MS) })
  if (!response.ok) throw new Error(`answered ${response.status}`)
  return ((await response.json()) as { data?: unknown }).data
}

function describe(build: unknown): string {
  const told = (build ?? {}) as Readonly<Record<string, unknown>>
  return ['name', 'version', 'commit']
    .map(name => String(told[name] ?? ''))
    .filter(text => text !== '')
    .join(' ')
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem) return `answered ${error.status} ${error.code}`
  const first = error instanceof Unreachable ? error.cause : error
  const cause = first instanceof Error ? (first.cause as { code?: string } | undefined)?.code : undefined
  const words = cause ?? (first instanceof Error ? first.message : String(first))
  return words.startsWith('answered') ? words : `no answer (${words})`
}
