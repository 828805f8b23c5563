/** Puts figures into tables for people, and says which of them miss what was set out to reach. */
import type { CaseKey } from './cases.ts'
import { median, type Sample } from './measure.ts'
import type { Role } from './people.ts'
import { bytesOf, type Sizes } from './sizes.ts'

/** All runs of one request kind, role and number of connections. */
export interface CaseResult {
  readonly key: CaseKey
  readonly role: Role
  readonly connections: number
  readonly engine: readonly Sample[]
  readonly floor: readonly Sample[]
  readonly against: readonly Sample[]
}

/** Least share of the floor's pace, at 8 connections as a rep (C2: as an admin, in rows per second). */
export const GOALS: Readonly<Record<CaseKey, number>> = { L1: 1, L2: 1, L3: 1, L4: 1, G1: 0.6, A1: 0.9, C1: 0.5, U1: 0.5, C2: 5000 }

/** The middle of what the pairs said. */
export function ratioOf(engine: readonly Sample[], floor: readonly Sample[], of: (sample: Sample) => number): number {
  return median(engine.map((sample, at) => of(sample) / Math.max(1e-9, of(floor[at] ?? sample))))
}

const middle = (samples: readonly Sample[], of: (sample: Sample) => number): number => median(samples.map(of))

/** One line per request kind, role and number of connections. */
export function caseTable(results: readonly CaseResult[]): string {
  const rows = results.map(({ key, role, connections, engine, floor, against }) => [
    key,
    role,
    String(connections),
    pace(middle(engine, each => each.perSecond)),
    pace(middle(floor, each => each.perSecond)),
    ratioOf(engine, floor, each => each.perSecond).toFixed(2),
    `${ms(middle(engine, each => each.p50))} / ${ms(middle(floor, each => each.p50))}`,
    `${ms(middle(engine, each => each.p99))} / ${ms(middle(floor, each => each.p99))}`,
    `${cpu(middle(engine, each => each.processCpu))} + ${cpu(middle(engine, each => each.postgresCpu))}`,
    `${cpu(middle(floor, each => each.processCpu))} + ${cpu(middle(floor, each => each.postgresCpu))}`,
    ...(against.length === 0
      ? []
      : [
          ratioOf(engine, against, each => each.perSecond).toFixed(2),
          ratioOf(engine, against, each => each.processCpu + each.postgresCpu).toFixed(2),
        ]),
  ])
  const heads = ['', 'role', 'conn.', 'engine/s', 'floor/s', 'ratio', 'p50 ms', 'p99 ms', 'CPU s/1,000 engine', 'CPU s/1,000 floor']
  return table([...heads, ...(results.some(each => each.against.length > 0) ? ['× pace of rev', '× CPU of rev'] : [])], rows)
}

/** What was to be reached, and what was. */
export function goalTable(results: readonly CaseResult[], rowsOf: (key: CaseKey) => number): string {
  const rows = results
    .filter(({ key, role, connections }) => connections === 8 && (role === 'rep' || key === 'C2'))
    .map(({ key, engine, floor }) => {
      const goal = GOALS[key]
      const reached = key === 'C2' ? middle(engine, each => each.perSecond * rowsOf(key)) : ratioOf(engine, floor, each => each.perSecond)
      const tail = ratioOf(engine, floor, each => each.p99)
      return [
        key,
        key === 'C2' ? `≥ ${goal} rows/s` : `≥ ${goal.toFixed(1)} × floor`,
        key === 'C2' ? `${reached.toFixed(0)} rows/s` : reached.toFixed(2),
        reached >= goal ? 'yes' : 'no',
        tail.toFixed(2),
        tail <= 3 ? 'yes' : 'no',
      ]
    })
  return table(['', 'to reach', 'reached', '', 'p99 × floor’s (≤ 3)', ''], rows)
}

/** How much dearer a rep is than an admin: both pay the same statement, one with rules. In CPU, which says what it costs and not what it returns. */
export function repTable(results: readonly CaseResult[]): string {
  const rows = results
    .filter(({ role, connections }) => role === 'rep' && connections === 8)
    .flatMap(rep => {
      const admin = results.find(each => each.key === rep.key && each.role === 'admin' && each.connections === 8)
      if (admin === undefined) return []
      const cost = (samples: readonly Sample[]): number => middle(samples, each => each.processCpu + each.postgresCpu)
      return [[rep.key, percent(cost(rep.engine) / cost(admin.engine)), percent(cost(rep.floor) / cost(admin.floor))]]
    })
  return table(['', 'rep’s CPU to admin’s, engine', 'the same, floor'], rows)
}

/** What the floor, Postgres without an application and Fastify without Postgres do beside the engine, in requests per second. */
export function limitTable(
  results: readonly CaseResult[],
  postgres: Readonly<Record<string, number>>,
  fastify: Readonly<Record<string, number>>,
): string {
  const rows = results.map(({ key, engine, floor }) => [
    key,
    pace(middle(engine, each => each.perSecond)),
    pace(middle(floor, each => each.perSecond)),
    pace(postgres[key] ?? 0),
    pace(fastify[key] ?? 0),
    middle(engine, each => each.bytes).toFixed(0),
  ])
  return table(['rep, 8 connections', 'engine/s', 'floor/s', 'Postgres alone/s', 'Fastify alone/s', 'bytes of an answer'], rows)
}

/** Bytes on disk: what a record takes beside the floor's, and what a change leaves in history and audit. */
export function sizeTable(before: Sizes, after: Sizes): string {
  const floor = before.floor.reduce((sum, { bytes }) => sum + bytes, 0)
  const records = bytesOf(before.engine, ['record', 'record_recent'])
  const beside = bytesOf(before.engine, ['record_search', 'record_unique', 'record_value', 'record_link'])
  const told = (sizes: Sizes): number => bytesOf(sizes.engine, ['record_history', 'audit', 'audit_seal', 'audit_unsealed'])
  const changes = after.changes - before.changes
  const each = before.engine.filter(({ bytes }) => bytes > floor / 100)
  const perRecord = (bytes: number): string => (bytes / before.records).toFixed(0)
  return [
    table(
      ['', 'to reach', 'reached'],
      [
        ['record and its indexes', '≤ 1.5 × floor', `${(records / floor).toFixed(2)} ×`],
        ['search, unique and single values', '≤ 0.7 × floor', `${(beside / floor).toFixed(2)} ×`],
        [
          'history and audit per change',
          '≤ 500 B',
          `${changes === 0 ? '–' : ((told(after) - told(before)) / changes).toFixed(0)} B (${changes} changes)`,
        ],
      ],
    ),
    '',
    table(
      ['table', 'bytes per record', 'of these indexes'],
      [
        ...each.map(({ table: name, bytes, indexes }) => [name, perRecord(bytes), perRecord(indexes)]),
        ...before.floor.map(({ table: name, bytes, indexes }) => [`floor: ${name}`, perRecord(bytes), perRecord(indexes)]),
      ],
    ),
  ].join('\n')
}

/** The same request kinds in an earlier run: the shares of the floor's pace, and CPU per request. */
export function compareTable(now: readonly CaseResult[], then: readonly CaseResult[]): string {
  const rows = now.flatMap(({ key, role, connections, engine, floor }) => {
    const old = then.find(each => each.key === key && each.role === role && each.connections === connections)
    if (old === undefined) return []
    const cost = (samples: readonly Sample[]): number => middle(samples, each => each.processCpu + each.postgresCpu)
    const share = (result: Pick<CaseResult, 'engine' | 'floor'>): string =>
      ratioOf(result.engine, result.floor, each => each.perSecond).toFixed(2)
    return [[key, role, String(connections), share(old), share({ engine, floor }), cpu(cost(old.engine)), cpu(cost(engine))]]
  })
  return table(['', 'role', 'conn.', 'ratio then', 'ratio now', 'CPU s/1,000 then', 'now'], rows)
}

const percent = (ratio: number): string => `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(0)} %`
const pace = (perSecond: number): string => (perSecond < 100 ? perSecond.toFixed(1) : perSecond.toFixed(0))
const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 0)
const cpu = (seconds: number): string => seconds.toFixed(seconds < 10 ? 2 : 0)

/** A Markdown table. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}
