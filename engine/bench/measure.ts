/** Runs one request kind against one side for a while and says what it took: pace, waiting times, CPU of process and database. */
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { type BenchCase, sequenceOf, type Side, type WriteState } from './cases.ts'
import type { Person } from './people.ts'
import { cpuSeconds, type Running } from './processes.ts'

/** What is driven and how. */
export interface Drive {
  readonly asked: BenchCase
  readonly side: Side
  readonly target: Running
  readonly postgresPid: number
  readonly people: readonly Person[]
  readonly connections: number
  readonly seconds: number
  readonly state: WriteState
}

/** What one run showed. */
export interface Sample {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** CPU seconds per 1,000 requests, with what a side does afterwards for what it has written. */
  readonly processCpu: number
  readonly postgresCpu: number
  readonly bytes: number
  readonly requests: number
  readonly refused: number
}

const SEQUENCE_LENGTH = 240
/** Refused requests of all that a run may have: the last answers of the run before were not waited for. */
const MOST_REFUSED = 0.02
const QUIET_STEP_MS = 150
const QUIET_STEPS = 40

/** Runs it. Throws where more than a few requests were not answered by 2xx. */
export async function drive({ asked, side, target, postgresPid, people, connections, seconds, state }: Drive): Promise<Sample> {
  const times: number[] = []
  let refused = 0
  let bytes = 0
  let firstRefusal = ''
  let connection = 0
  const cpu = (): { process: number; postgres: number } => ({ process: cpuSeconds(target.pid), postgres: cpuSeconds(postgresPid) })
  const before = cpu()
  const begun = performance.now()
  await new Promise<void>((done, fail) => {
    const run = autocannon(
      {
        url: target.origin,
        connections,
        ...(asked.rows > 1 ? { amount: connections * seconds } : { duration: seconds }),
        timeout: 30,
        setupClient: client => {
          const place = { connection: connection++, of: connections, length: asked.rows > 1 ? 16 : SEQUENCE_LENGTH }
          client.setRequests(sequenceOf(asked, side, people, place, state))
          client.on('body', body => {
            if (firstRefusal === '' && body.includes('"status":')) firstRefusal = body.toString('utf8').slice(0, 600)
          })
        },
      },
      error => (error === null || error === undefined ? done() : fail(error instanceof Error ? error : new Error(String(error)))),
    )
    run.on('response', (_client, status, size, ms) => {
      if (status < 200 || status > 299) refused += 1
      else times.push(ms)
      bytes += size
    })
    run.on('reqError', () => (refused += 1))
  })
  const elapsed = (performance.now() - begun) / 1000
  if (asked.writes) await untilQuiet(target.pid)
  const after = cpu()
  if (times.length === 0 || refused > Math.max(connections * 2, times.length * MOST_REFUSED))
    throw new Error(`${asked.key} against the ${side}: ${refused} of ${refused + times.length} requests were refused. ${firstRefusal}`)
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  const per1000 = 1000 / times.length
  return {
    perSecond: times.length / elapsed,
    p50: at(0.5),
    p99: at(0.99),
    processCpu: (after.process - before.process) * per1000,
    postgresCpu: (after.postgres - before.postgres) * per1000,
    bytes: bytes / (times.length + refused),
    requests: times.length,
    refused,
  }
}

/** Waits until a process has done what it does after its answers: sealing and relaying belong to the writes that caused them. */
async function untilQuiet(pid: number): Promise<void> {
  for (let step = 0, last = cpuSeconds(pid); step < QUIET_STEPS; step++) {
    await sleep(QUIET_STEP_MS)
    const now = cpuSeconds(pid)
    if (now - last < 0.015) return
    last = now
  }
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
