/** Writes down a traced request for people with a terminal of a hundred columns: the stations in order, what they took and gave, the statements. */
import type { Station, StationTimes } from '../kernel/context.ts'
import type { Statement } from '../platform/index.ts'
import { formatSql } from './format-sql.ts'

export type TraceEntry = NonNullable<StationTimes['trace']>[number]

/** A request that was traced, and its answer. */
export interface TracedRequest {
  readonly request: string
  readonly as: string
  readonly status: number
  readonly ms: number
  readonly body: string
  readonly trace: readonly TraceEntry[]
}

const WIDTH = 100
const DEPTH = 4
const ITEMS = 8
const TEXT = 80
const ANSWER_LINES = 12
const VALUE_LINES = 8

/** The lines of a trace. */
export function describeTrace(traced: TracedRequest): string[] {
  const shown = withoutTwins(traced.trace)
  const steps = shown.flatMap((entry, index) => ['', ...stepLines(shown, index)])
  const times = Object.entries(timesOf(traced)).map(([station, ms]) => `${station} ${ms.toFixed(2)}`)
  return [
    `${traced.request}  as ${traced.as}`,
    ...steps,
    '',
    rule(`answer ${traced.status}`, traced.ms),
    ...wrap(`milliseconds: ${times.join(' · ')}`, '  '),
    ...answerLines(traced.body),
  ]
}

/** The same for programs: values cut short, statements whole. */
export function briefTrace({ trace, body, ...traced }: TracedRequest): unknown {
  const steps = trace.map(({ station, name, input, output, ms }) => {
    const statement = statementOf({ name, input, output })
    return {
      station,
      name,
      ms,
      ...(statement === null
        ? { input: brief(input), output: brief(output) }
        : { sql: statement.text, values: statement.values, output: brief(output) }),
    }
  })
  return { ...traced, stations: timesOf({ trace }), steps, answer: body }
}

/** Milliseconds per station; statements are part of the station that sent them. */
function timesOf({ trace }: Pick<TracedRequest, 'trace'>): Partial<Record<Station, number>> {
  const times: Partial<Record<Station, number>> = {}
  for (const { station, name, ms } of trace) if (name !== 'statement') times[station] = (times[station] ?? 0) + ms
  return times
}

/** A statement that was rendered and then sent is shown where it was sent. */
function withoutTwins(trace: readonly TraceEntry[]): TraceEntry[] {
  const sent = new Set(trace.flatMap(entry => (entry.name === 'statement' ? [statementOf(entry)?.text] : [])))
  return trace.filter(entry => entry.name === 'statement' || !sent.has(statementOf(entry)?.text))
}

function stepLines(trace: readonly TraceEntry[], index: number): string[] {
  const entry = trace[index]
  if (entry === undefined) return []
  const head = rule(`${index + 1} ${entry.station} · ${entry.name}`, entry.ms)
  const statement = statementOf(entry)
  if (statement === null) {
    const from = typeof entry.input === 'object' && entry.input !== null ? trace.findIndex(each => each.output === entry.input) : -1
    const taken = from >= 0 && from < index ? [`  in   what came out of ${from + 1}`] : valueLines('in ', entry.input)
    return [head, ...taken, ...valueLines('out', entry.output)]
  }
  const values = statement.values.map((value, index) => `$${index + 1} = ${short(value)}`)
  const rows = entry.name === 'statement' ? wrap(`out  ${rowsText(entry.output)}`, '  ') : []
  return [
    head,
    ...formatSql(statement.text, WIDTH - 4).map(line => `    ${line}`),
    ...(values.length === 0 ? [] : wrap(values.join(', '), '    ')),
    ...rows,
  ]
}

/** What was or will be sent to the database. */
function statementOf({ name, input, output }: Pick<TraceEntry, 'name' | 'input' | 'output'>): Statement | null {
  const found = name === 'statement' ? input : output
  return typeof found === 'object' &&
    found !== null &&
    'text' in found &&
    'values' in found &&
    Array.isArray(found.values) &&
    typeof found.text === 'string'
    ? (found as Statement)
    : null
}

function rowsText(output: unknown): string {
  if (!Array.isArray(output)) return `${String(output)} rows touched`
  return `${output.length} ${output.length === 1 ? 'row' : 'rows'}${output.length === 0 ? '' : `, first ${JSON.stringify(brief(output[0]))}`}`
}

function valueLines(label: string, value: unknown): string[] {
  if (value === undefined || value === null) return []
  const lines = wrap(`${label}  ${short(value)}`, '  ', '       ')
  return lines.length <= VALUE_LINES ? lines : [...lines.slice(0, VALUE_LINES), '       …']
}

function answerLines(body: string): string[] {
  const lines = wrap(body, '  ')
  return lines.length <= ANSWER_LINES ? lines : [...lines.slice(0, ANSWER_LINES), `  … ${body.length} characters in all`]
}

function rule(title: string, ms: number): string {
  const time = `${ms.toFixed(2)} ms`
  return `── ${title} ${'─'.repeat(Math.max(2, WIDTH - title.length - time.length - 5))} ${time}`
}

function short(value: unknown): string {
  return JSON.stringify(brief(value)) ?? 'undefined'
}

/** A value cut to what a reader takes in: great objects of the engine by their names, long lists by their beginnings. */
function brief(value: unknown, depth = DEPTH): unknown {
  if (typeof value === 'string') return value.length > TEXT ? `${value.slice(0, TEXT)}…` : value
  if (typeof value === 'bigint') return `${value}`
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  if (value instanceof Date) return value.toISOString()
  const named = nameOf(value, depth)
  if (named !== null) return named
  if (depth === 0) return Array.isArray(value) ? `[${value.length}]` : '{…}'
  if (value instanceof Set) return brief([...value], depth)
  if (value instanceof Map)
    return brief(Object.fromEntries([...value].map(([key, each]: [unknown, unknown]) => [String(key), each])), depth)
  if (Array.isArray(value))
    return [...value.slice(0, ITEMS).map(each => brief(each, depth - 1)), ...(value.length > ITEMS ? [`… ${value.length} in all`] : [])]
  const entries = Object.entries(value).filter(([, each]) => typeof each !== 'function' && each !== undefined)
  const shown = entries.slice(0, ITEMS * 2).map(([key, each]) => [key, brief(each, depth - 1)])
  return Object.fromEntries([...shown, ...(entries.length > ITEMS * 2 ? [['…', `${entries.length} in all`]] : [])])
}

/** What engine objects are called: a reader of a trace knows the model, he wants to see which part of it is meant. */
const NAMES: readonly ((value: Readonly<Record<string, unknown>>, depth: number) => unknown)[] = [
  value => ('fieldsByNo' in value ? `entity ${String(value['key'])}` : null),
  value => ('storage' in value && 'entity' in value ? `${String(value['entity'])}.${String(value['key'])}` : null),
  value => (value['entities'] instanceof Map && 'fingerprint' in value ? `model of ${value['entities'].size} entities` : null),
  value => ('relationNo' in value ? `relation ${String(value['key'])}` : null),
  value =>
    Array.isArray(value['profiles']) && 'email' in value
      ? `${String(value['email'])} with the profiles ${value['profiles'].join(', ')}`
      : null,
  value => ('model' in value && 'within' in value ? `revision ${String(value['revision'])}` : null),
  value => (value['fields'] instanceof Map && 'caps' in value ? grantWords(value, value['fields']) : null),
  value => conditionWords(value),
  (value, depth) => memberWords(value, depth),
]

function nameOf(value: object, depth: number): unknown {
  for (const name of NAMES) {
    const found = name(value as Readonly<Record<string, unknown>>, depth)
    if (found !== null) return found
  }
  return null
}

function grantWords(
  grant: Readonly<Record<string, unknown>>,
  fields: ReadonlyMap<string, { readonly read?: unknown; readonly strongest?: unknown }>,
): unknown {
  const all = [...fields.values()]
  const written = all.filter(field => field.strongest === 'write' || field.strongest === 'create').length
  const { entity, operations, rows, caps } = grant
  return {
    entity: brief(entity),
    operations: brief(operations),
    rows: brief(rows),
    fields: `${all.length} readable, ${all.filter(field => field.read === null).length} of them masked, ${written} writable`,
    caps: brief(caps),
  }
}

/** Predicates and row conditions as one would write them. */
function conditionWords(value: Readonly<Record<string, unknown>>): unknown {
  const { kind, field, operator, negated } = value
  if ((kind === 'true' || kind === 'false') && Object.keys(value).length === 1) return kind
  if (kind === 'all' && value['of'] === undefined) return 'every row'
  if (kind === 'where') return brief(value['test'])
  if ((kind === 'all' || kind === 'any') && Array.isArray(value['of']))
    return { [kind === 'all' ? 'and' : 'or']: value['of'].map(each => brief(each)) }
  if ((kind !== 'compare' && kind !== 'atom') || typeof operator !== 'string') return null
  const operand = value['operand'] as Readonly<Record<string, unknown>> | undefined
  const given = operand?.['value'] ?? operand?.['ids'] ?? operand?.['values'] ?? operand?.['term'] ?? operand
  return `${negated === true ? 'not ' : ''}${String(brief(field))} ${operator} ${JSON.stringify(brief(given, 2))}`
}

/** What is selected: by its names. */
function memberWords(value: Readonly<Record<string, unknown>>, depth: number): unknown {
  const { kind } = value
  if (kind === 'field' && 'field' in value) return brief(value['field'])
  const name = value['name'] ?? (value['reference'] as { readonly key?: unknown } | undefined)?.key
  if (typeof name !== 'string' || typeof kind !== 'string') return null
  if (Array.isArray(value['members'])) return { [name]: value['members'].map(each => brief(each, Math.max(1, depth - 1))) }
  return ['value', 'through', 'links'].includes(kind) ? name : null
}

function wrap(text: string, indent: string, hanging = `${indent}  `): string[] {
  const lines: string[] = []
  let rest = `${indent}${text}`
  while (rest.length > WIDTH) {
    const break_ = Math.max(rest.lastIndexOf(' ', WIDTH), rest.lastIndexOf(',', WIDTH - 1) + 1)
    const at = break_ > hanging.length ? break_ : WIDTH
    lines.push(rest.slice(0, at).trimEnd())
    rest = `${hanging}${rest.slice(at).trimStart()}`
  }
  return [...lines, rest]
}
