/**
 * What commands stand on: the same ground and engine as the server, over the running database, without background work; and how they
 * speak of what was refused. Knows no command.
 */
import { LOCALES, type Locale, type RequestContext } from '../kernel/context.ts'
import { EngineError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { createLog } from '../kernel/log.ts'
import { type JsonSchema, validatorOf } from '../kernel/schema.ts'
import type { RecordContext } from '../records/index.ts'
import { routes } from '../http/index.ts'
import { CommandFailed, type Tell } from './command.ts'
import { COMMAND_PATIENCE_MS, type Ground, openGround, requireConfig, StartRefused } from './main.ts'
import { buildEngine, type Wired } from './wiring.ts'

/** Opens the ground and an engine, does the work and closes both again. */
export async function withEngine<T>(tell: Tell, work: (wired: Wired, ground: Ground) => Promise<T>): Promise<T> {
  const config = requireConfig(process.env, tell)
  const ground = await openGround(config, tell, { patienceMs: COMMAND_PATIENCE_MS })
  try {
    const log = createLog({ write: line => void process.stderr.write(line) }, 'warn')
    const wired = await buildEngine({ config, databaseUrl: ground.databaseUrl, redisUrl: ground.redisUrl, background: false, log })
    try {
      return await work(wired, ground)
    } finally {
      await wired.close()
    }
  } finally {
    await ground.stop()
  }
}

/** A request of a user named at the command line. Throws CommandFailed when there is nobody of that name who counts. */
export async function requestOf(wired: Wired, tenant: string, email: string, route: string): Promise<RequestContext> {
  const now = new Date()
  const caller = await wired.identity.callerByEmail(tenant, email, now).catch((error: unknown) => {
    if (error instanceof EngineError) throw new CommandFailed(`Nobody signs in to the tenant “${tenant}” as ${email}.`)
    throw error
  })
  return {
    traceId: newId().replaceAll('-', ''),
    traceparent: '',
    route,
    ip: '127.0.0.1',
    now,
    caller,
    causationId: null,
    stations: { ms: {} },
  }
}

/** The same with the tenant's model and the record door. */
export async function recordContextOf(wired: Wired, ctx: RequestContext): Promise<RecordContext> {
  return { ...(await wired.engine.models.take(ctx)), db: wired.database, cursors: wired.engine.cursors, history: true }
}

/** Checks what was typed by the schema of the route that does the same. Throws StartRefused with every mistake. */
export function requireBody(method: string, path: string, body: unknown): void {
  const schema: JsonSchema | undefined = routes.find(route => route.method === method && route.path === path)?.body
  const problems = schema === undefined ? [] : validatorOf(schema)(body, { locale: 'en' })
  if (problems.length > 0)
    throw new StartRefused(problems.map(({ pointer, message }) => `${pointer.replace(/^\//, '') || 'The command'}: ${message}`).join('\n'))
}

/** An option that has to be there. */
export function requireOption(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new StartRefused(`--${name} is needed.`)
  return value
}

/** The language of `--locale`, undefined without one. */
export function readLocale(text: string | undefined): Locale | undefined {
  const locale = LOCALES.find(each => each === text)
  if (text !== undefined && locale === undefined) throw new StartRefused(`--locale is one of ${LOCALES.join(', ')}.`)
  return locale
}

/** The same request in another language than its caller's own. */
export function spokenIn(ctx: RecordContext, locale: Locale | undefined): RecordContext {
  return locale === undefined ? ctx : { ...ctx, caller: { ...ctx.caller, locale } }
}

/** A refusal of the engine as lines for a terminal. */
export function refusalLines(error: EngineError): string[] {
  const { title, detail, hint } = error.speak('en')
  return [
    `${title}: ${detail}`,
    ...error.errors.map(({ pointer, message }) => `  ${pointer === '' ? '' : `${pointer}: `}${message}`),
    ...(hint === undefined ? [] : [hint]),
  ]
}
