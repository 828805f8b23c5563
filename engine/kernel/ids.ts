/** Makes and recognises identifiers: UUID v7 (RFC 9562) and random secrets. Knows nothing of what they name. */
import { createHash, randomBytes } from 'node:crypto'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-9a-f][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let lastMs = 0
let counter = 0

// Asked for one by one, random bytes cost more than all else of an id.
const POOL_BYTES = 8_192
let pool = Buffer.alloc(0)
let taken = 0

/** The next random bytes of a supply that is fetched in one go; each is given out once. */
function nextRandom(count: number): Buffer {
  if (taken + count > pool.length) {
    pool = randomBytes(POOL_BYTES)
    taken = 0
  }
  taken += count
  return pool.subarray(taken - count, taken)
}

/** A new UUID v7; ids made by one process sort in the order they were made (12-bit counter, RFC 9562 §6.2 method 1). */
export function newId(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs
    counter = nextRandom(2).readUInt16BE(0) & 0x07ff
  } else if (++counter > 0x0fff) {
    lastMs += 1
    counter = 0
  }
  return idAt(lastMs, counter)
}

/** A UUID v7 of a given instant with random low bits, for records whose creation time is imported. */
export function idAt(ms: number, sequence: number = nextRandom(2).readUInt16BE(0) & 0x0fff): string {
  return idOf(ms, sequence, nextRandom(8))
}

/** The UUID v7 of a thing that is known by its name and instant: whoever makes it again, gives it the same. */
export function idNamed(ms: number, name: string): string {
  const hash = createHash('sha256').update(name).digest()
  return idOf(ms, hash.readUInt16BE(0) & 0x0fff, hash.subarray(2, 10))
}

/** The instant a UUID v7 was made at, in milliseconds. */
export function instantOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

function idOf(ms: number, sequence: number, low: Buffer): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(Math.max(0, Math.floor(ms)), 0, 6)
  bytes.writeUInt16BE(0x7000 | sequence, 6)
  low.copy(bytes, 8)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Whether a text is a UUID in its one canonical spelling (lower case, hyphens). */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text)
}

/** A random secret of the given number of bytes, base64url. */
export function newSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}
