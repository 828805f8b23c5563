/**
 * `npm run bench`: measures the engine beside the floor, in turns, and prints tables. Knows the order of things; what is asked, how it is
 * measured and where it runs stand in their own files.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireSameAnswers } from './agree.ts'
import { type BenchCase, CASES, type Side, type WriteState } from './cases.ts'
import { checkoutOf } from './checkout.ts'
import { type BenchDatabase, openBenchDatabase } from './database.ts'
import { growthChart, type GrowthPoint, measureGrowth } from './growth.ts'
import { fastifyAlone, postgresAlone } from './limits.ts'
import { drive, median, type Sample } from './measure.ts'
import { timeNewFields } from './new-field.ts'
import { BENCH_HELP, type BenchOptions, readOptions } from './options.ts'
import { floorCallers, gatherPeople, type Person, type Role } from './people.ts'
import { tenantsOf } from './population.ts'
import { type Probe, residentMiB, type Running, startEngine, startFloor } from './processes.ts'
import { type CaseResult, caseTable, compareTable, goalTable, limitTable, repTable, sizeTable, table } from './report.ts'
import { readSizes, vacuumQueues } from './sizes.ts'

// Whoever reads no more is told no more; the run ends in order all the same, and takes its processes with it.
process.stdout.on('error', () => undefined)
const tell = (line: string): void => void process.stdout.write(`${line}\n`)
const STARTS = 3
const IDLE_MS = 5000
/** A minute's rest is what memory is given back after. */
const REST_MS = 75_000
/** A pace that has grown by less is one that stands. */
const GROWS = 1.04

/** What runs side by side. */
interface Contest {
  readonly database: BenchDatabase
  readonly people: readonly Person[]
  readonly engine: Running
  readonly floor: Running
  readonly against: Running | null
  /** What writers remember, by side. */
  readonly states: Readonly<Record<Side, WriteState>>
}

async function compare(options: BenchOptions, dataDir: string): Promise<void> {
  const database = await openBenchDatabase(dataDir, options.population, tell)
  const stops: (() => Promise<void>)[] = [() => database.close()]
  try {
    const people = await gatherPeople(database.adminUrl, database.secret, tenantsOf(options.population))
    const callers = floorCallers(people)
    const start = {
      engine: (flags: readonly string[] = []) => startEngine(database, probeOf('engine', people), undefined, flags),
      floor: () => startFloor(database, callers, probeOf('floor', people)),
    }
    const starts = options.requestsOnly ? null : await timeStarts(start.engine, start.floor)
    const before = options.requestsOnly ? null : await readSizes(database.adminUrl)
    const checkout = options.against === undefined ? null : await checkoutOf(options.against)
    if (checkout !== null) stops.push(checkout.remove)
    const engine = await start.engine(options.nodeFlags)
    stops.push(engine.stop)
    const floor = await start.floor()
    stops.push(floor.stop)
    const against = checkout === null ? null : await startEngine(database, probeOf('engine', people), checkout.folder)
    if (against !== null) stops.push(against.stop)
    const cases = CASES.filter(({ key }) => options.cases.includes(key))
    await requireSameAnswers(cases, people, engine, floor)
    const state = (): WriteState => ({ versions: new Map(), counter: { next: 0 } })
    const contest: Contest = { database, people, engine, floor, against, states: { engine: state(), floor: state() } }
    const results: CaseResult[] = []
    for (const connections of options.connections)
      for (const asked of cases.filter(({ mostConnections }) => connections <= (mostConnections ?? connections)))
        for (const role of options.roles.filter(each => asked.roles.includes(each))) {
          const isWarm = results.some(each => each.key === asked.key && each.role === role)
          results.push(await runCase(contest, asked, role, connections, options, isWarm ? ALREADY_WARM : options.warm))
          tell(
            caseTable(results.slice(-1))
              .split('\n')
              .slice(results.length === 1 ? 0 : 2)
              .join('\n'),
          )
        }
    tell(`\n${goalTable(results, rowsOf)}\n\n${repTable(results)}`)
    if (!options.requestsOnly) await tellTheRest(contest, options, results, starts, before)
    if (options.compare !== undefined) tell(`\n${compareTable(results, readResults(options.compare))}`)
    if (options.json !== undefined) writeFileSync(options.json, JSON.stringify({ options, starts, results }, null, 1))
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

const rowsOf = (key: string): number => CASES.find(each => each.key === key)?.rows ?? 0

function readResults(file: string): CaseResult[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { results: CaseResult[] }).results
}

type Starts = readonly { readonly side: Side; readonly startMs: number; readonly idleMiB: number }[]

/** Starts each side alone a few times; its memory is read when it has had nothing to do for a while. */
async function timeStarts(engine: () => Promise<Running>, floor: () => Promise<Running>): Promise<Starts> {
  const found: { side: Side; startMs: number; idleMiB: number }[] = []
  for (let round = 0; round < STARTS; round++)
    for (const [side, start] of [
      ['engine', engine],
      ['floor', floor],
    ] as const) {
      const running = await start()
      if (round === 0) await sleep(IDLE_MS)
      found.push({ side, startMs: running.startMs, idleMiB: round === 0 ? residentMiB(running.pid) : 0 })
      await running.stop()
    }
  return found
}

async function tellTheRest(
  contest: Contest,
  options: BenchOptions,
  results: readonly CaseResult[],
  starts: Starts | null,
  before: Awaited<ReturnType<typeof readSizes>> | null,
): Promise<void> {
  const { database, people, engine, floor } = contest
  const resident = (): string[] => [engine, floor].map(({ pid }) => residentMiB(pid).toFixed(0))
  const busy = resident()
  const alone = await postgresAlone(database, people, 8, options.seconds)
  const ofRep = results.filter(({ role, connections, key }) => role === 'rep' && connections === 8 && alone[key] !== undefined)
  const fastify: Record<string, number> = {}
  for (const { key, engine: samples } of ofRep)
    fastify[key] = await fastifyAlone(floor, median(samples.map(({ bytes }) => bytes)), 8, options.seconds)
  tell(`\n${limitTable(ofRep, alone, fastify)}`)
  const admin = people.find(({ role, tenant }) => role === 'admin' && tenant.no === 2)
  const fields = admin === undefined ? [] : await timeNewFields(engine, admin)
  if (options.rests) await sleep(REST_MS)
  const start = (side: Side): string => median((starts ?? []).filter(each => each.side === side).map(each => each.startMs)).toFixed(0)
  const idle = (side: Side): string => ((starts ?? []).find(each => each.side === side)?.idleMiB ?? 0).toFixed(0)
  tell(
    `\n${table(
      ['', 'to reach', 'engine', 'floor'],
      [
        ['process start to first 200, ms', '≤ 1000', start('engine'), start('floor')],
        ['memory idle, MiB', '≤ 150', idle('engine'), idle('floor')],
        ['memory after the run, MiB', '', ...busy],
        ...(options.rests ? [['memory after a rest of 75 s, MiB', '', ...resident()]] : []),
        ['new field: publish, ms', '', median(fields.map(each => each.publish)).toFixed(0), '–'],
        ['new field usable, ms', '≤ 50', median(fields.map(each => each.usable)).toFixed(0), '–'],
      ],
    )}`,
  )
  if (before === null) return
  await vacuumQueues(database.adminUrl)
  tell(`\n${sizeTable(before, await readSizes(database.adminUrl))}`)
}

/** A request that any start has to answer: one deal of the first rep. */
function probeOf(side: Side, people: readonly Person[]): Probe {
  const rep = people.find(({ role }) => role === 'rep')
  const id = rep?.deals[0] ?? ''
  return {
    path: side === 'engine' ? `/api/records/deal/${id}` : `/deals/${id}`,
    token: (side === 'engine' ? rep?.engineToken : rep?.floorToken) ?? '',
    address: '10.255.0.1',
  }
}

const ALREADY_WARM = { seconds: 1, most: 1 }

/** Runs until the pace no longer grows, for code is compiled while it is used and a server runs for days: the same for every side. */
async function warmUp(run: (seconds: number) => Promise<Sample>, { seconds, most }: BenchOptions['warm']): Promise<void> {
  let pace = 0
  for (let spent = 0; spent < most; spent += seconds) {
    const { perSecond } = await run(seconds)
    if (perSecond < pace * GROWS) return
    pace = Math.max(pace, perSecond)
  }
}

/** Warms all sides up, then lets them run in turns. */
async function runCase(
  contest: Contest,
  asked: BenchCase,
  role: Role,
  connections: number,
  options: BenchOptions,
  warm: BenchOptions['warm'],
): Promise<CaseResult> {
  const people = contest.people.filter(each => each.role === role)
  const run = (side: Side, target: Running, seconds: number): Promise<Sample> =>
    drive({ asked, side, target, postgresPid: contest.database.pid, people, connections, seconds, state: contest.states[side] })
  const { against } = contest
  await warmUp(seconds => run('engine', contest.engine, seconds), warm)
  await warmUp(seconds => run('floor', contest.floor, seconds), warm)
  if (against !== null) await warmUp(seconds => run('engine', against, seconds), warm)
  const samples: Record<'engine' | 'floor' | 'against', Sample[]> = { engine: [], floor: [], against: [] }
  for (let pair = 0; pair < options.pairs; pair++) {
    samples.engine.push(await run('engine', contest.engine, options.seconds))
    samples.floor.push(await run('floor', contest.floor, options.seconds))
    if (against !== null) samples.against.push(await run('engine', against, options.seconds))
  }
  return { key: asked.key, role, connections, ...samples }
}

async function grow(options: BenchOptions, dataDir: string): Promise<void> {
  const points: GrowthPoint[] = []
  for (const population of options.growth) {
    const point = await measureGrowth(dataDir, population, options.seconds, tell)
    points.push(point)
    const { p50, bytes, cold } = point
    const times = Object.entries(p50).map(([key, ms]) => `${key} ${ms.toFixed(2)} (${Math.round(bytes[key] ?? 0)} B)`)
    tell(
      `${population.deals} deals, ${population.small + 50} tenants · p50 ms at 1 connection: ${times.join(' · ')} · first request of ${cold.tenants} cold tenants: p50 ${cold.p50.toFixed(1)} ms, p99 ${cold.p99.toFixed(1)} ms · ${cold.kibEach.toFixed(1)} KiB each`,
    )
  }
  const labels = options.growth.map(({ deals, small }) => `${deals} / ${small + 50}`)
  tell(`\n${growthChart('p50 at one connection, rep, by deals of the large tenant / tenants', labels, points)}`)
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(points, null, 1))
}

async function main(options: BenchOptions): Promise<void> {
  const begun = performance.now()
  const dataDir = process.env['NEXUS_DATA_DIR'] ?? '.nexus'
  const size = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB`
  tell(`npm run bench -- ${process.argv.slice(2).join(' ')}`)
  tell(
    `${new Date().toISOString().slice(0, 16)}Z · ${size} · Node ${process.versions.node} · ${options.population.deals} deals, ${options.population.small + 50} tenants\n`,
  )
  await (options.growth.length > 0 ? grow(options, dataDir) : compare(options, dataDir))
  tell(`\nTook ${((performance.now() - begun) / 1000).toFixed(0)} s`)
}

const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) tell(BENCH_HELP)
else
  try {
    await main(readOptions(args))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    process.stderr.write(`nexus: ${error.message}\n`)
    process.exitCode = 2
  }
