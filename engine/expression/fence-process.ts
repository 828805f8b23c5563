/**
 * The program behind the fence: evaluates JSONata on plain data and can do nothing else. It has no environment, no files,
 * no network of its own, a small heap, and is killed when an answer is late. Knows no record, no tenant and no model.
 */
import jsonata from 'jsonata'
import { FORBIDDEN_FUNCTIONS } from '../../metadata/formula-tree.ts'
import { MAX_CALLS, MAX_OUTPUT_BYTES, MAX_SEQUENCE, TIMED_OUT } from './limits.ts'
import { LinearRegex } from './linear-regex.ts'

/** What the engine sends: JSON texts in, so that nothing but data crosses. */
export interface FenceRequest {
  readonly expression: string
  readonly inputs: readonly string[]
  readonly timeoutMs: number
  /** No further input is begun after this long. */
  readonly turnMs: number
}

/** The answer to one input: the JSON of the value, or why there is none. */
export type FenceAnswer =
  | { readonly value: string }
  | { readonly failure: 'output' }
  | { readonly failure: 'expression'; readonly code: string; readonly message: string }

/** What comes back: word that the process has started, an answer to each input in turn, then what they took of the processor, in ms. */
export type FenceMessage = 'ready' | FenceAnswer | { readonly tookMs: number }

// Compiled expressions are kept: a formula runs for thousands of records.
const compiled = new Map<string, jsonata.Expression>()
const MAX_COMPILED = 200

const FORBIDDEN = Object.fromEntries(
  FORBIDDEN_FUNCTIONS.map(name => [
    name,
    () => {
      throw Object.assign(new Error(`$${name} can not be used here.`), { code: 'FORBIDDEN' })
    },
  ]),
)

function compile({ expression, timeoutMs }: FenceRequest): jsonata.Expression {
  const key = `${timeoutMs} ${expression}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  if (compiled.size >= MAX_COMPILED) compiled.clear()
  const made = jsonata(expression, {
    timeout: timeoutMs,
    stack: MAX_CALLS,
    sequence: MAX_SEQUENCE,
    // JSONata calls nothing of it but the constructor, exec, lastIndex and source.
    RegexEngine: LinearRegex as unknown as RegExpConstructor,
  })
  compiled.set(key, made)
  return made
}

async function answer(request: FenceRequest, input: string): Promise<FenceAnswer> {
  try {
    const value: unknown = await compile(request).evaluate(JSON.parse(input), FORBIDDEN)
    const json = spell(value)
    return json === null || json.length > MAX_OUTPUT_BYTES ? { failure: 'output' } : { value: json }
  } catch (cause) {
    const { code, message } = cause as { code?: unknown; message?: unknown }
    return { failure: 'expression', code: String(code ?? 'ERROR'), message: String(message ?? 'The expression failed.').slice(0, 300) }
  }
}

// A value that shares its parts can be tiny in memory and endless in JSON: counting stops it early.
function spell(value: unknown): string | null {
  let parts = 0
  try {
    const json = JSON.stringify(value, (_key, part: unknown) => {
      parts += 1
      if (parts > MAX_OUTPUT_BYTES) throw new RangeError('too large')
      return part
    })
    return json ?? 'null'
  } catch (cause) {
    if (cause instanceof RangeError) return null
    throw cause
  }
}

/** Each answer leaves before the next input is begun, so that it is known which one a process died of. */
async function serve(request: FenceRequest): Promise<void> {
  const began = performance.now()
  const used = process.cpuUsage()
  for (const input of request.inputs) {
    const given = await answer(request, input)
    await send(given)
    if (('failure' in given && given.failure === 'expression' && given.code === TIMED_OUT) || performance.now() - began > request.turnMs)
      break
  }
  const { user, system } = process.cpuUsage(used)
  await send({ tookMs: (user + system) / 1000 })
}

function send(message: FenceMessage): Promise<void> {
  return new Promise(done => process.send?.(message, undefined, {}, () => done()))
}

process.on('message', message => void serve(message as FenceRequest))
process.on('disconnect', () => process.exit(0))
void send('ready')
