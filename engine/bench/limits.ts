/** The two limits beside the floor: what Postgres does without an application, and what the application does without Postgres. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import autocannon from 'autocannon'
import type { BenchDatabase } from './database.ts'
import { floorCallers, type Person } from './people.ts'
import type { Running } from './processes.ts'
import type { AloneSettings } from './postgres-alone.ts'

/** Requests per second by request kind at so many connections, as reps. */
export async function postgresAlone(
  database: BenchDatabase,
  people: readonly Person[],
  connections: number,
  seconds: number,
): Promise<Record<string, number>> {
  const callers = floorCallers(people)
  const asking = people.flatMap(person => {
    const caller = callers[person.floorToken]
    return caller === undefined || person.role !== 'rep' ? [] : [{ caller, deals: person.deals }]
  })
  const settings: AloneSettings = { url: database.url, connections, seconds, callers: asking }
  const file = join(database.folder, 'postgres-alone.json')
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 })
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'postgres-alone.ts'), file])
  return JSON.parse(stdout) as Record<string, number>
}

/** Requests per second of one ready text of so many bytes. */
export async function fastifyAlone(floor: Running, bytes: number, connections: number, seconds: number): Promise<number> {
  const result = await autocannon({ url: `${floor.origin}/static/${Math.round(bytes)}`, connections, duration: seconds })
  return result.requests.average
}
