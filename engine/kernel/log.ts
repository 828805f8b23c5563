/**
 * The engine's log: one JSON line per request and per job step, of exactly the fields listed here (contracts §8).
 * Values of records, secrets, tokens, cookies and bodies can't get in: every field is copied by name and checked by shape,
 * and of an error only its class, code and places in our source are kept, never its message.
 */
import { type DestinationStream, pino } from 'pino'
import { STATIONS, type Station } from './context.ts'

/** What a line may tell besides time, level and msg. */
export interface LogFields {
  readonly trace_id?: string | undefined
  readonly tenant_id?: string | undefined
  readonly user_id?: string | undefined
  /** Method and declared path of the route, or the name of a job step: never the address as it was sent. */
  readonly route?: string | undefined
  readonly status?: number | undefined
  readonly duration_ms?: number | undefined
  readonly stations?: Partial<Record<Station, number>> | undefined
}

export interface Log {
  /** `message` is written by us, for people; nothing that a caller sent may stand in it. */
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields, cause?: unknown): void
  error(message: string, fields?: LogFields, cause?: unknown): void
}

const ID = /^[0-9a-f-]{32,36}$/
const ROUTE = /^[A-Za-z0-9 /:_.{}*-]{1,120}$/
const MESSAGE_LENGTH = 1000

/** A log that writes to the given stream, standard output if none. */
export function createLog(destination?: DestinationStream, level: 'info' | 'warn' | 'error' | 'silent' = 'info'): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const lines = pino(options, destination ?? gathered())
  return {
    info: (message, fields) => lines.info(allowed(fields), message),
    warn: (message, fields, cause) => lines.warn(allowed(fields), withCause(message, cause)),
    error: (message, fields, cause) => lines.error(allowed(fields), withCause(message, cause)),
  }
}

/** Lines are written together: a system call for each was a twelfth of what a request cost. None waits longer than this. */
const GATHERED_MS = 100
const GATHERED_BYTES = 8_192

/** Standard output, written when enough has come together, when it has waited long enough, and before the process ends. */
function gathered(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true })
  let lines = ''
  let waiting: NodeJS.Timeout | null = null
  const flush = (): void => {
    if (waiting !== null) clearTimeout(waiting)
    waiting = null
    if (lines !== '') output.write(lines)
    lines = ''
  }
  process.on('exit', flush)
  return {
    write(line) {
      lines += line
      if (lines.length > GATHERED_BYTES) flush()
      else waiting ??= setTimeout(flush, GATHERED_MS).unref()
    },
  }
}

function allowed(fields: LogFields = {}): Record<string, unknown> {
  const line: Record<string, unknown> = {}
  for (const key of ['trace_id', 'tenant_id', 'user_id'] as const) {
    const value = fields[key]
    if (typeof value === 'string' && ID.test(value)) line[key] = value
  }
  if (typeof fields.route === 'string' && ROUTE.test(fields.route)) line['route'] = fields.route
  if (isNumber(fields.status)) line['status'] = fields.status
  if (isNumber(fields.duration_ms)) line['duration_ms'] = rounded(fields.duration_ms)
  if (fields.stations !== undefined) {
    const stations: Record<string, number> = {}
    for (const station of STATIONS) {
      const ms = fields.stations[station]
      if (isNumber(ms)) stations[station] = rounded(ms)
    }
    line['stations'] = stations
  }
  return line
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100
}

function withCause(message: string, cause: unknown): string {
  return (cause === undefined ? message : `${message} (${describeCause(cause)})`).slice(0, MESSAGE_LENGTH)
}

/** Class, code and places of an error and of what caused it, without any of their messages. */
export function describeCause(cause: unknown, depth = 0): string {
  if (!(cause instanceof Error)) return `a thrown ${typeof cause}`
  const name = /^[A-Za-z]{1,40}$/.test(cause.name) ? cause.name : 'Error'
  const code = 'code' in cause && typeof cause.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(cause.code) ? ` ${cause.code}` : ''
  const inner = cause.cause === undefined || depth > 2 ? '' : ` because ${describeCause(cause.cause, depth + 1)}`
  return `${name}${code}${placesOf(cause)}${inner}`
}

// The stack begins with the message, and a message may hold anything, lines that look like places too.
function placesOf(error: Error): string {
  const stack = error.stack ?? ''
  const at = error.message === '' ? -1 : stack.indexOf(error.message)
  if (error.message !== '' && at < 0) return ''
  const frames = stack
    .slice(at < 0 ? 0 : at + error.message.length)
    .split('\n')
    .slice(1)
  const places = frames.flatMap(frame => /^ {4}at .*?((?:engine|metadata|seeds)\/[a-z0-9/.-]+\.ts:\d+)/.exec(frame)?.[1] ?? [])
  return places.length === 0 ? '' : ` at ${places.slice(0, 4).join(' < ')}`
}
