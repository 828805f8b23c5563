/** Which Postgres versions Nexus runs on, and which of them are too old to trust with tenants (security R2). */

/** First minor of each major in which the known row-security faults are mended. */
const FIXED: Readonly<Record<number, number>> = { 15: 19, 16: 15, 17: 11, 18: 6 }
const OLDEST_MAJOR = 15

/** What is wrong with a server version such as 180004 (`server_version_num`), in words for the operator; undefined when nothing is. */
export function refuseOldPostgres(versionNum: number): string | undefined {
  const major = Math.floor(versionNum / 10_000)
  const minor = versionNum % 10_000
  if (major < OLDEST_MAJOR) return `Postgres ${major}.${minor} is too old: Nexus needs ${OLDEST_MAJOR} or newer.`
  const fixed = FIXED[major]
  if (fixed === undefined || minor >= fixed) return undefined
  return `Postgres ${major}.${minor} has known faults in row security: update to ${major}.${fixed} or newer.`
}
