/**
 * Keeps and checks passwords: argon2id (RFC 9106) in the PHC spelling, never more than two at work at a time.
 * Knows no user; whoever has none to check checks the decoy, so that both take the same time.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { identityErrors } from './errors.ts'

/** 46 MiB, one pass, one lane: 51 ms and 46 MiB per check on one core of the reference machine (OWASP's strongest-memory setting). */
export const ARGON2_COST = { memory: 47_104, passes: 1, parallelism: 1 } as const

// Two of libuv's four threads; a third would only make all of them slower on two cores.
const AT_WORK = 2
// Two seconds of waiting at 51 ms each; whoever comes later is told to come back.
const WAITING = 80

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43})$/

interface Cost {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

const HEAD = `$argon2id$v=19$m=${ARGON2_COST.memory},t=${ARGON2_COST.passes},p=${ARGON2_COST.parallelism}$`
/** A hash of nothing: what is checked where there is no user. */
const DECOY = write(randomBytes(16), randomBytes(32))

let working = 0
const queue: (() => void)[] = []

/** Makes the text to keep for a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return write(salt, await compute(password, salt, ARGON2_COST))
}

/** Whether a password belongs to a kept text; null (no such user, or none set) costs the same and is never true. */
export async function verifyPassword(password: string, kept: string | null): Promise<boolean> {
  const parts = PHC.exec(kept ?? DECOY)
  if (parts === null) throw new Error('A kept password has an unknown spelling.')
  const [, memory, passes, parallelism, salt = '', expected = ''] = parts
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const actual = await compute(password, Buffer.from(salt, 'base64'), cost)
  return timingSafeEqual(actual, Buffer.from(expected, 'base64')) && kept !== null
}

/** Whether a kept text was made at another cost than today's and should be made anew at the next sign-in. */
export function isOutdated(kept: string): boolean {
  return !kept.startsWith(HEAD)
}

async function compute(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  await enter()
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      const settings = { message: canonical(password), nonce: salt, tagLength: 32, ...cost }
      argon2('argon2id', settings, (error, hash) => (error === null ? resolve(hash) : reject(error)))
    })
  } finally {
    leave()
  }
}

/** One spelling for passwords that look the same however they were typed (RFC 8265). */
function canonical(password: string): string {
  return password.normalize('NFKC')
}

async function enter(): Promise<void> {
  if (working < AT_WORK) {
    working++
    return
  }
  if (queue.length >= WAITING) throw identityErrors.BUSY({}, { headers: { 'retry-after': '2' } })
  await new Promise<void>(resolve => queue.push(resolve))
}

/** Hands the place to the next in the queue, or gives it up. */
function leave(): void {
  const next = queue.shift()
  if (next === undefined) working--
  else next()
}

function write(salt: Buffer, hash: Buffer): string {
  return `${HEAD}${unpadded(salt)}$${unpadded(hash)}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
