/**
 * How waiting times grow with records and tenants: the middle time of L1, L2, G1 and U1 at one connection over databases of different size,
 * what an idle tenant holds in memory, and how long the first request of a tenant takes that the process has never seen.
 */
import { CASES, type CaseKey, type WriteState } from './cases.ts'
import { openBenchDatabase, type Tell } from './database.ts'
import { heldKiB, INSPECTED } from './heap.ts'
import { drive, median } from './measure.ts'
import { gatherPeople, type Person } from './people.ts'
import { type Population, SERVED_TENANTS, tenantsOf } from './population.ts'
import { type Running, startEngine } from './processes.ts'

const GROWING: readonly CaseKey[] = ['L1', 'L2', 'G1', 'U1']

/** The first kind is asked of a process that has just started, and code is compiled while it is used. */
const WARM_SECONDS = 8

/** One database's figures. */
export interface GrowthPoint {
  readonly population: Population
  /** Middle time in milliseconds at one connection, as a rep. */
  readonly p50: Readonly<Record<string, number>>
  /** Bytes of an answer: a small tenant's page may hold fewer records. */
  readonly bytes: Readonly<Record<string, number>>
  /** Tenants that were asked once, what each left in the heap after a collection in KiB, and the middle and 99th time of those first requests. */
  readonly cold: { readonly tenants: number; readonly kibEach: number; readonly p50: number; readonly p99: number }
}

/** Measures one size. */
export async function measureGrowth(dataDir: string, population: Population, seconds: number, tell: Tell): Promise<GrowthPoint> {
  const database = await openBenchDatabase(dataDir, population, tell)
  try {
    const tenants = tenantsOf(population)
    const everyone = await gatherPeople(database.adminUrl, database.secret, tenants, tenants.length)
    const people = everyone.filter(({ tenant }) => tenant.no <= SERVED_TENANTS)
    const rep = people.find(({ role }) => role === 'rep')
    const probe = { path: `/api/records/deal/${rep?.deals[0] ?? ''}`, token: rep?.engineToken ?? '', address: '10.3.0.1' }
    const engine = await startEngine(database, probe, undefined, [INSPECTED])
    try {
      const p50: Record<string, number> = {}
      const bytes: Record<string, number> = {}
      const state: WriteState = { versions: new Map(), counter: { next: 0 } }
      for (const asked of CASES.filter(({ key }) => GROWING.includes(key))) {
        const run = {
          asked,
          side: 'engine',
          target: engine,
          postgresPid: database.pid,
          people: people.filter(({ role }) => role === 'rep'),
          connections: 1,
          state,
        } as const
        await drive({ ...run, seconds: WARM_SECONDS })
        const samples = [await drive({ ...run, seconds }), await drive({ ...run, seconds }), await drive({ ...run, seconds })]
        p50[asked.key] = median(samples.map(sample => sample.p50))
        bytes[asked.key] = median(samples.map(sample => sample.bytes))
      }
      const cold = await visitOnce(
        engine,
        everyone.filter(({ tenant, role }) => tenant.no > SERVED_TENANTS && role === 'rep'),
      )
      return { population, p50, bytes, cold }
    } finally {
      await engine.stop()
    }
  } finally {
    await database.close()
  }
}

async function visitOnce({ origin, logFile }: Running, people: readonly Person[]): Promise<GrowthPoint['cold']> {
  const before = await heldKiB(logFile)
  const times: number[] = []
  for (const { engineToken, address } of people) {
    const begun = performance.now()
    const answer = await fetch(`${origin}/api/records/deal?select=name,amount&sort=-created_at&limit=50`, {
      headers: { authorization: `Bearer ${engineToken}`, 'x-forwarded-for': address },
    })
    await answer.text()
    if (answer.status !== 200) throw new Error(`The first request of a tenant answered ${answer.status}.`)
    times.push(performance.now() - begun)
  }
  const after = await heldKiB(logFile)
  times.sort((a, b) => a - b)
  return {
    tenants: people.length,
    kibEach: (after - before) / Math.max(1, people.length),
    p50: median(times),
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
  }
}

/** A chart of Mermaid: one line per request kind. */
export function growthChart(title: string, labels: readonly string[], points: readonly GrowthPoint[]): string {
  const most = Math.max(...points.flatMap(({ p50 }) => Object.values(p50)))
  return [
    '```mermaid',
    'xychart-beta',
    `    title "${title}"`,
    `    x-axis [${labels.map(label => `"${label}"`).join(', ')}]`,
    `    y-axis "ms" 0 --> ${(most * 1.2).toFixed(1)}`,
    ...GROWING.map(key => `    line "${key}" [${points.map(({ p50 }) => (p50[key] ?? 0).toFixed(2)).join(', ')}]`),
    '```',
  ].join('\n')
}
