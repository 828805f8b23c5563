/**
 * Slows guessing down: attempts are counted in the database before they are tried, per account and per source, so that they hold in every
 * process and twenty at once count as twenty. A subject is a hash of what was typed; one that exists is counted like one that does not.
 * A browser that the account was signed in from is counted for itself alone: strangers do not keep its owner out, and a stolen one guesses
 * no faster than they do. Its subject begins with the name it is known for, so that what frees an account frees its browsers as well.
 */
import { createHash } from 'node:crypto'
import { type Database, NO_TENANT, type Statement } from '../platform/index.ts'
import { throttled } from './errors.ts'
import { sourceOf } from './ip-list.ts'
import type { Named } from './known-device.ts'

/** Attempts that are free: typing errors of one person, and of an office behind one address. */
const FREE = { account: 10, source: 100 } as const
/** The first wait; it doubles with each further attempt up to the last. */
const FIRST_WAIT_S = 2
const LAST_WAIT_S = 15 * 60
/** Attempts are forgotten when none has come for this long. */
const MEMORY_S = 60 * 60

/** What attempts are counted for. */
export type Purpose = 'sign_in' | 'forgot' | 'link' | 'change'

/** What one attempt is counted for: a source and an account, in this order, in which all attempts lock them; or a known device. */
export type Subjects = readonly string[]

/** The subjects of an attempt; `account` is whatever was typed to name it. */
export function subjectsOf(purpose: Purpose, ip: string, ...account: string[]): Subjects {
  return [subject('s', purpose, sourceOf(ip)), subject('a', purpose, ...account)]
}

/** The subjects of an attempt from a device that is known for the account, or from a stranger's. */
export function subjectsFrom(purpose: Purpose, ip: string, device: string | null, account: Named): Subjects {
  return device === null ? subjectsOf(purpose, ip, ...account) : [devicesOf(purpose, account) + digestOf(device)]
}

function subject(kind: 's' | 'a', ...parts: string[]): string {
  return `${kind}:${digestOf(...parts)}`
}

/** What the subjects of all devices of an account begin with. */
function devicesOf(purpose: Purpose, account: Named): string {
  return `d:${digestOf(purpose, ...account)}:`
}

function digestOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

/** Counts an attempt of both subjects; throws 429 when one of them still has to wait. */
export async function countAttempt(database: Database, subjects: Subjects, now: Date): Promise<void> {
  const wait = await database.writeAs(NO_TENANT, async connection => {
    const counted = await connection.run(countStatement(subjects, now))
    // Names that someone tried once and nobody tries again; more go than come, and no sign-in waits for a large clearing.
    await connection.execute({
      name: 'throttle_sweep',
      text: SWEEP,
      values: [NO_TENANT, new Date(now.getTime() - (LAST_WAIT_S + MEMORY_S) * 1000)],
    })
    if (counted.length === subjects.length) return null
    const [row] = await connection.run<{ until: string | null }>({
      text: 'select max(failed_until) as until from nexus.sign_in_throttle where tenant_id = $1 and subject = any($2)',
      values: [NO_TENANT, subjects],
    })
    return row?.until == null ? now : new Date(row.until)
  })
  if (wait !== null) throw throttled(Math.max(1, Math.ceil((wait.getTime() - now.getTime()) / 1000)))
}

/** Takes an attempt back that turned out right: the account or device starts anew, the source has one less. */
export async function forgiveAttempt(database: Database, subjects: Subjects): Promise<void> {
  const isSource = (each: string): boolean => each.startsWith('s:')
  await database.writeAs(NO_TENANT, async connection => {
    await connection.execute({
      text: 'update nexus.sign_in_throttle set failed_count = greatest(failed_count - 1, 0), failed_until = null where tenant_id = $1 and subject = any($2)',
      values: [NO_TENANT, subjects.filter(isSource)],
    })
    await connection.execute({
      text: 'delete from nexus.sign_in_throttle where tenant_id = $1 and subject = any($2)',
      values: [NO_TENANT, subjects.filter(each => !isSource(each))],
    })
  })
}

/** Lets whoever signs in as the account try again at once, from its known devices as from others: an administrator's unlock, a new password. */
export async function clearAccount(database: Database, account: Named): Promise<void> {
  const devices = devicesOf('sign_in', account)
  await database.writeAs(NO_TENANT, connection =>
    connection.execute({
      // A digest holds no “;”, which comes next after “:”.
      text: 'delete from nexus.sign_in_throttle where tenant_id = $1 and (subject = $2 or subject > $3 and subject < $4)',
      values: [NO_TENANT, subject('a', 'sign_in', ...account), devices, devices.replace(/:$/, ';')],
    }),
  )
}

const SWEEP = `delete from nexus.sign_in_throttle where tenant_id = $1 and subject in (
  select subject from nexus.sign_in_throttle where tenant_id = $1 and at < $2 order by at limit 5 for update skip locked)`

const OLDEST = '$3::timestamptz - make_interval(secs => $6::int)'
const FREE_OF_T = "(case when left(t.subject, 1) = 's' then $4::int else $5::int end)"

/** Returns a row per subject that was counted; one that has to wait is left as it is and not returned. */
function countStatement(subjects: Subjects, now: Date): Statement {
  return {
    name: 'throttle_count',
    text: `insert into nexus.sign_in_throttle as t (tenant_id, subject, failed_count, at)
      select $1::uuid, s.subject, 1, $3::timestamptz from unnest($2::text[]) with ordinality as s(subject, n) order by s.n
      on conflict (tenant_id, subject) do update set
        failed_count = case when t.at < ${OLDEST} then 1 else t.failed_count + 1 end,
        failed_until = case when t.at >= ${OLDEST} and t.failed_count + 1 >= ${FREE_OF_T}
          then $3::timestamptz + make_interval(secs => least($8::int, $7::int * power(2, least(20, t.failed_count + 1 - ${FREE_OF_T})))) end,
        at = $3::timestamptz
      where t.failed_until is null or t.failed_until <= $3::timestamptz
      returning subject`,
    values: [NO_TENANT, subjects, now, FREE.source, FREE.account, MEMORY_S, FIRST_WAIT_S, LAST_WAIT_S],
  }
}
