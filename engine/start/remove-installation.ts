/** Takes away the folder of a throw-away installation, and the data of its embedded Postgres wherever that had to be put. */
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { shutDownRedisUnlessInUse } from '../platform/redis.ts'
import { choosePostgresHome } from './postgres-home.ts'
import { findRunning, stopServer } from './postgres-process.ts'
import { undoneOnSignal } from './undone-on-signal.ts'

/** Works in the folder of a throw-away installation; it is gone afterwards, and gone where a signal ends the work. */
export async function inThrowaway<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const endAndRemove = async (): Promise<void> => {
    await endServers(folder)
    await removeInstallation(folder)
  }
  return undoneOnSignal(endAndRemove, () => work().finally(() => removeInstallation(folder)))
}

/** Ends the servers of a folder, whoever uses them. */
async function endServers(folder: string): Promise<void> {
  const postgres = join(folder, 'postgres')
  const running = existsSync(postgres) ? await findRunning(choosePostgresHome(postgres, () => undefined)) : undefined
  if (running !== undefined) await stopServer(running.pid)
  const redis = await readFile(join(folder, 'redis/url'), 'utf8').catch(() => '')
  if (redis !== '') await shutDownRedisUnlessInUse(redis.trim()).catch(() => undefined)
}

/** Removes all of it; nothing of it may run any more. */
async function removeInstallation(folder: string): Promise<void> {
  const away = (await readFile(join(folder, 'postgres/data-is-at'), 'utf8').catch(() => '')).trim()
  if (away.startsWith('/var/lib/nexus-')) await rm(join(away, '..'), { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
}
