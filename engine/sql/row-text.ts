/**
 * Makes the JSON of rows out of their columns as Postgres sent them: whoever reads is sent text, so values are neither parsed nor printed
 * again, and not even made strings of: their bytes are copied to their places. What a row may show was decided where its columns were
 * rendered. Knows no SQL.
 */
import type { DataRow } from '../platform/index.ts'

/** One member of a row's object: where its value stands and what the text there is. */
export type Part =
  /** `text` is any text, `plain` one that needs no escapes, `time` an instant, `json` ready JSON; without a value it is null. */
  | { readonly kind: 'text' | 'plain' | 'time' | 'json'; readonly name: string; readonly place: number }
  /** Ready JSON; without a value the member is absent. */
  | { readonly kind: 'optional'; readonly name: string; readonly place: number }
  /** An object of its own; null where its column has no value. */
  | { readonly kind: 'object'; readonly name: string; readonly place: number; readonly parts: readonly Part[] }

/** A part with what stands before its value: `"name":`. */
interface Member {
  readonly kind: Part['kind']
  readonly place: number
  readonly before: Uint8Array
  readonly members: readonly Member[]
}

const [QUOTE, BACKSLASH, SPACE, COMMA, OPEN, CLOSE, POINT, ZERO, UPPER_T, UPPER_Z] = [34, 92, 32, 44, 123, 125, 46, 48, 84, 90]
const NULL = Buffer.from('null')
/** Postgres answers with no more columns than this. */
const MOST_COLUMNS = 1_664
/** A byte of a text becomes six at most (`\u001f`). */
const ESCAPED_BYTES = 6
/** Room for a comma, a brace, quotes, null, or what an instant has beyond the server's text. */
const MARKS = 16
const FIRST_BYTES = 64 * 1024
/** What is kept for the next rows; more was an export's. */
const KEPT_BYTES = 1024 * 1024

/** Where the columns of the row that is being written stand: one row at a time, and nothing waits in between. */
const places = new Int32Array(MOST_COLUMNS * 2)
let kept = Buffer.allocUnsafeSlow(FIRST_BYTES)

/** Makes what writes the JSON objects of rows, with commas between them. */
export function rowsWriter(parts: readonly Part[]): (rows: readonly DataRow[]) => string {
  const members = membersOf(parts)
  const columns = columnsOf(parts)
  return rows => {
    const out = new JsonBytes()
    for (const [at, row] of rows.entries()) {
      const found = row.locate(places)
      if (found < columns) throw new Error(`A row has ${found} columns and not ${columns}.`)
      if (at > 0) out.comma()
      out.object(members, row.bytes)
    }
    return out.take()
  }
}

function membersOf(parts: readonly Part[]): readonly Member[] {
  return parts.map(part => ({
    kind: part.kind,
    place: part.place,
    before: ownBytes(`"${part.name}":`),
    members: part.kind === 'object' ? membersOf(part.parts) : [],
  }))
}

/** Bytes of their own: what `Buffer.from` makes is a piece of 64 kB that stay as long as any piece of them, and plans with their parts are kept. */
function ownBytes(text: string): Uint8Array {
  const piece = Buffer.from(text)
  const own = Buffer.alloc(piece.length)
  own.set(piece)
  return own
}

function columnsOf(parts: readonly Part[]): number {
  return Math.max(0, ...parts.map(part => Math.max(part.place + 1, part.kind === 'object' ? columnsOf(part.parts) : 0)))
}

class JsonBytes {
  #bytes = kept
  #at = 0

  comma(): void {
    this.#need(1)
    this.#bytes[this.#at++] = COMMA
  }

  /** Adds the object of the row that is located. */
  object(members: readonly Member[], from: Uint8Array): void {
    this.#need(MARKS)
    this.#bytes[this.#at++] = OPEN
    let isFirst = true
    for (const { kind, place, before, members: inner } of members) {
      const start = places[place * 2] ?? 0
      const length = places[place * 2 + 1] ?? -1
      if (length < 0 && kind === 'optional') continue
      this.#need(before.length + Math.max(0, length) * (kind === 'text' ? ESCAPED_BYTES : 1) + MARKS)
      if (!isFirst) this.#bytes[this.#at++] = COMMA
      isFirst = false
      this.#copy(before, 0, before.length)
      if (length < 0) this.#copy(NULL, 0, NULL.length)
      else if (kind === 'text') this.#text(from, start, start + length)
      else if (kind === 'object') this.object(inner, from)
      else if (kind === 'optional' || kind === 'json') this.#copy(from, start, start + length)
      else {
        this.#bytes[this.#at++] = QUOTE
        if (kind === 'time') this.#time(from, start, length)
        else this.#copy(from, start, start + length)
        this.#bytes[this.#at++] = QUOTE
      }
    }
    this.#bytes[this.#at++] = CLOSE
  }

  take(): string {
    const text = this.#bytes.toString('utf8', 0, this.#at)
    if (this.#bytes.length <= KEPT_BYTES) kept = this.#bytes
    return text
  }

  /** Makes room; the byte that closes an object is always reserved. */
  #need(more: number): void {
    if (this.#at + more < this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + more + 1))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }

  // Byte by byte: parts are a dozen bytes long, and a call to copy them takes as long as fifty.
  #copy(from: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes
    let at = this.#at
    for (let place = start; place < end; place += 1) bytes[at++] = from[place] ?? 0
    this.#at = at
  }

  /** A text as JSON. Nearly none needs an escape, and bytes of letters beyond ASCII are never those of a quote. */
  #text(from: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes
    let at = this.#at
    bytes[at++] = QUOTE
    for (let place = start; place < end; place += 1) {
      const byte = from[place] ?? 0
      if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) return this.#escaped(from, start, end)
      bytes[at++] = byte
    }
    bytes[at++] = QUOTE
    this.#at = at
  }

  #escaped(from: Uint8Array, start: number, end: number): void {
    const text = JSON.stringify(Buffer.from(from.buffer, from.byteOffset + start, end - start).toString())
    this.#at += this.#bytes.write(text, this.#at)
  }

  /** `2026-05-01 10:20:30.1234+00` → `2026-05-01T10:20:30.123Z`; the session runs in UTC. Anything else (infinity) stays as it is. */
  #time(from: Uint8Array, start: number, length: number): void {
    const zone = start + length - ZONE_LENGTH
    if (length < SECONDS_LENGTH + ZONE_LENGTH || from[start + DATE_LENGTH] !== SPACE || from[zone + 1] !== ZERO || from[zone + 2] !== ZERO)
      return this.#copy(from, start, start + length)
    this.#copy(from, start, start + DATE_LENGTH)
    this.#bytes[this.#at++] = UPPER_T
    this.#copy(from, start + DATE_LENGTH + 1, start + SECONDS_LENGTH)
    this.#bytes[this.#at++] = POINT
    for (let digit = 1; digit <= MILLI_DIGITS; digit += 1) {
      const place = start + SECONDS_LENGTH + digit
      this.#bytes[this.#at++] = place < zone ? (from[place] ?? ZERO) : ZERO
    }
    this.#bytes[this.#at++] = UPPER_Z
  }
}

const DATE_LENGTH = 10
const SECONDS_LENGTH = 19
const MILLI_DIGITS = 3
/** `+00` */
const ZONE_LENGTH = 3
