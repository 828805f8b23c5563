/** Takes away the folder of a throw-away installation, and the data of its embedded Postgres wherever that had to be put. */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes all of it; nothing of it may run any more. */
export async function removeInstallation(folder: string): Promise<void> {
  const away = (await readFile(join(folder, 'postgres/data-is-at'), 'utf8').catch(() => '')).trim()
  if (away.startsWith('/var/lib/nexus-')) await rm(join(away, '..'), { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
}
