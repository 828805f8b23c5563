/**
 * `nexus smoke`: asks a running instance the few questions that tell whether it is there and works, over HTTP alone.
 * Uses the demo tenant's rep unless told otherwise; takes back what it created where it may.
 */
import type { Client } from '../../metadata/client/calls.ts'
import { createClient, Problem, Unreachable } from '../../metadata/client/client.ts'
import { defineCommand, JSON_OPTION, type Tell } from './command.ts'

const PATIENCE_MS = 10_000

/** What one question came to. */
interface Step {
  readonly name: string
  readonly ok: boolean
  readonly ms: number
  readonly words: string
}

export const command = defineCommand({
  name: 'smoke',
  about: 'Ask a running instance whether it works: health, versions, sign-in, list, create.',
  usage: '[<url>] [--tenant <key>] [--email <e-mail>]',
  words: 1,
  options: {
    tenant: { type: 'string', value: '<key>', about: 'Whose instance is asked.', default: 'demo' },
    email: { type: 'string', value: '<e-mail>', about: 'Who signs in: somebody who may create tasks.', default: 'rep@demo.test' },
    'password-from': {
      type: 'string',
      value: '<name>',
      // A command line can be read by every user of the machine.
      about: 'Name of the variable of the environment that holds the password; without one, that of the demo.',
      default: 'SMOKE_PASSWORD',
    },
    json: JSON_OPTION,
  },
  notes: 'Without an address: NEXUS_PUBLIC_URL, else http://localhost with PORT.',
  exits: { 0: 'it works', 1: 'an answer was wrong, or did not come in 10 s' },
  async run({ values, positionals }) {
    const { env } = process
    const origin = (positionals[0] ?? env['NEXUS_PUBLIC_URL'] ?? `http://localhost:${env['PORT'] ?? '8080'}`).replace(/\/$/, '')
    const password = env[values['password-from']] ?? 'nexus-demo-1'
    const steps = await ask(origin, { tenant: values.tenant, email: values.email, password }, values.json ? () => undefined : print)
    const ok = steps.every(step => step.ok)
    if (values.json) process.stdout.write(`${JSON.stringify({ url: origin, ok, steps }, null, 2)}\n`)
    else print(ok ? `${origin} works` : `${origin}: ${steps.filter(step => !step.ok).length} of these went wrong`)
    return ok ? 0 : 1
  },
})

const print: Tell = line => void process.stdout.write(`${line}\n`)

/** Asks one after the other; what needs the answer before it is left out when that did not come. */
async function ask(origin: string, who: { tenant: string; email: string; password: string }, tell: Tell): Promise<Step[]> {
  const steps: Step[] = []
  // A call that is not answered in time counts as one that was not answered.
  const client = createClient({
    url: origin,
    retries: 0,
    fetch: (path, init) => fetch(path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) }),
  })
  await step('GET /health', () => open('/health'))
  await step('GET /version', () => open('/version'), describe)
  await step('GET /content/version', () => open('/content/version'), describe)
  const user = await step(`sign in as ${who.email}`, () => client.signIn(who))
  if (user !== undefined) await work(client)
  return steps

  async function work(signedIn: Client): Promise<void> {
    await step(
      'list deals',
      () => signedIn.page('deal', { limit: 5 }),
      ({ data }) => `${data.length} rows`,
    )
    const made = await step(
      'create a task',
      () => signedIn.create('task', { subject: 'Smoke test' }),
      task => task?.id ?? 'not for its maker to see',
    )
    if (made === undefined || made === null) return
    await step(
      'read it back',
      () => signedIn.read('task', made.id),
      task => String(task['subject']),
    )
    const deleted = await signedIn.remove('task', made).then(
      () => true,
      () => false,
    )
    tell(`  · ${deleted ? 'deleted it again' : `${who.email} may not delete tasks: it stays`}`)
  }

  async function step<T>(name: string, call: () => Promise<T>, wordsOf: (answer: T) => string = () => ''): Promise<T | undefined> {
    const started = performance.now()
    const outcome = await call().then(
      answer => ({ answer, ok: true, words: wordsOf(answer) }),
      (error: unknown) => ({ answer: undefined, ok: false, words: reasonOf(error) }),
    )
    const ms = Math.round(performance.now() - started)
    steps.push({ name, ok: outcome.ok, ms, words: outcome.words })
    tell(`${outcome.ok ? '✓' : '✗'} ${name} (${ms} ms)${outcome.words === '' ? '' : `: ${outcome.words}`}`)
    return outcome.answer
  }

  /** What is told without a session. */
  async function open(path: string): Promise<unknown> {
    const response = await fetch(origin + path, { signal: AbortSignal.timeout(PATIENCE_MS) })
    if (!response.ok) throw new Error(`answered ${response.status}`)
    return ((await response.json()) as { data?: unknown }).data
  }
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
