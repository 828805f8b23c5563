/** What the benchmark is told on the command line. */
import { parseArgs } from 'node:util'
import { CASES, type CaseKey } from './cases.ts'
import type { Role } from './people.ts'
import type { Population } from './population.ts'

export interface BenchOptions {
  readonly population: Population
  readonly cases: readonly CaseKey[]
  readonly roles: readonly Role[]
  readonly connections: readonly number[]
  readonly seconds: number
  readonly pairs: number
  /** How long each side is asked a request for the first time before anything is measured: the engine's code takes some 20,000 requests to be compiled. */
  /** Whether memory is looked at again after a rest, which takes longer than a short run has. */
  readonly rests: boolean
  /** Before each request kind: in steps of so many seconds until the pace no longer grows, at most so long. */
  readonly warm: { readonly seconds: number; readonly most: number }
  readonly json: string | undefined
  readonly against: string | undefined
  /** Figures of an earlier run to stand beside. */
  readonly compare: string | undefined
  /** Sizes of the growth curves; empty for the comparison with the floor. */
  readonly growth: readonly Population[]
  /** Flags for the node of the engine, for profiles. */
  readonly nodeFlags: readonly string[]
  /** Only the requests: no start, no new field, no sizes, no limits. */
  readonly requestsOnly: boolean
}

export const BENCH_HELP = `nexus bench [--short] [options]

Measures the engine beside a hand-written Fastify + pg application over the same records, each a process of its own, in turns.

  --short              L1, L2, G1 and U1 at 8 connections, 50,000 deals; under 3 minutes once its database is filled.
  --deals <n>          Deals of the large tenant (default: 300000).
  --small <n>          Small tenants beside the 50 that are asked (default: 400).
  --cases <keys>       With commas, of ${CASES.map(({ key }) => key).join(', ')} (default: all).
  --roles <keys>       admin, rep or both (default: both).
  --connections <n>    With commas (default: 1,8,32).
  --seconds <n>        How long a run of one side takes (default: 2, short: 1).
  --pairs <n>          Runs of each side, in turns (default: 3, short: 4).
  --requests-only      Leaves out start, new field, sizes and limits.
  --against <rev>      Measures the engine of another commit in the same turns.
  --node-flags <text>  Flags for the engine's node, e.g. --cpu-prof.
  --json <file>        Writes the figures.
  --compare <file>     Prints the figures of an earlier run beside these.
  --growth <sizes>     Instead of all that, growth curves over sizes such as 30000/400,300000/0 (deals/small tenants).`

/** Reads the command line; throws TypeError for what can not be. */
export function readOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      short: { type: 'boolean', default: false },
      deals: { type: 'string' },
      small: { type: 'string', default: '400' },
      cases: { type: 'string' },
      roles: { type: 'string' },
      connections: { type: 'string' },
      seconds: { type: 'string' },
      pairs: { type: 'string' },
      json: { type: 'string' },
      compare: { type: 'string' },
      growth: { type: 'string' },
      against: { type: 'string' },
      'node-flags': { type: 'string', default: '' },
      'requests-only': { type: 'boolean', default: false },
    },
  })
  const keys = (values.cases ?? (values.short ? 'L1,L2,G1,U1' : CASES.map(({ key }) => key).join(','))).split(',')
  return {
    population: { deals: whole(values.deals ?? (values.short ? '50000' : '300000'), 'deals'), small: whole(values.small, 'small') },
    cases: keys.map(key =>
      oneOf(
        key,
        CASES.map(each => each.key),
        'cases',
      ),
    ),
    roles: (values.roles ?? 'admin,rep').split(',').map(role => oneOf(role, ['admin', 'rep'] as const, 'roles')),
    connections: (values.connections ?? (values.short ? '8' : '1,8,32')).split(',').map(each => whole(each, 'connections')),
    seconds: whole(values.seconds ?? (values.short ? '1' : '2'), 'seconds'),
    pairs: whole(values.pairs ?? (values.short ? '4' : '3'), 'pairs'),
    rests: !values.short,
    warm: values.short ? { seconds: 3, most: 3 } : { seconds: 4, most: 24 },
    json: values.json,
    against: values.against,
    compare: values.compare,
    growth: (values.growth ?? '')
      .split(',')
      .filter(each => each !== '')
      .map(each => {
        const [deals = '', small = ''] = each.split('/')
        return { deals: whole(deals, 'growth'), small: whole(small, 'growth') }
      }),
    nodeFlags: values['node-flags'].split(' ').filter(each => each !== ''),
    requestsOnly: values['requests-only'],
  }
}

function whole(text: string, name: string): number {
  if (/^\d{1,8}$/.test(text)) return Number(text)
  throw new TypeError(`--${name} takes whole numbers.`)
}

function oneOf<T extends string>(text: string, all: readonly T[], name: string): T {
  const found = all.find(each => each === text)
  if (found === undefined) throw new TypeError(`--${name}: there is no ${text}; there are ${all.join(', ')}.`)
  return found
}
