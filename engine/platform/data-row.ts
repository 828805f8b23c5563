/**
 * A row as it came from the server: its message, still bytes (Postgres protocol, DataRow: a count, then of each column a length and the bytes
 * of its text, -1 where there is no value). Whoever sends values on copies the bytes and never makes strings of them. Knows no SQL.
 */

const COUNT_BYTES = 2
const LENGTH_BYTES = 4

/** One row. Its bytes are never written to again, so it may be kept as long as is wanted. */
export class DataRow {
  // What the driver calls the message, and its length.
  readonly name = 'dataRow'
  readonly length: number
  readonly bytes: Buffer
  readonly #at: number

  /** `at` is where the count of columns stands. */
  constructor(bytes: Buffer, at: number, length: number) {
    this.bytes = bytes
    this.length = length
    this.#at = at
  }

  /** Writes into `places` where each column begins and how long it is (-1: no value), two numbers per column; answers how many there are. */
  locate(places: Int32Array): number {
    const { bytes } = this
    let at = this.#at
    const count = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    at += COUNT_BYTES
    for (let column = 0; column < count; column += 1) {
      const length = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
      at += LENGTH_BYTES
      places[column * 2] = at
      places[column * 2 + 1] = length
      if (length > 0) at += length
    }
    return count
  }

  /** The text of one column, null where it has no value. */
  text(column: number): string | null {
    const at = this.#find(column)
    const length = this.bytes.readInt32BE(at)
    return length < 0 ? null : this.bytes.toString('utf8', at + LENGTH_BYTES, at + LENGTH_BYTES + length)
  }

  /** Whether a column has a value. */
  has(column: number): boolean {
    return this.bytes.readInt32BE(this.#find(column)) >= 0
  }

  /** Where the length of a column stands. */
  #find(column: number): number {
    if (column >= this.bytes.readInt16BE(this.#at)) throw new RangeError(`The row has no column ${column}.`)
    let at = this.#at + COUNT_BYTES
    for (let before = 0; before < column; before += 1) at += LENGTH_BYTES + Math.max(0, this.bytes.readInt32BE(at))
    return at
  }

  /** Values as texts: what the driver's own queries read. */
  get fields(): (string | null)[] {
    const { bytes } = this
    let at = this.#at
    const fields: (string | null)[] = Array.from({ length: bytes.readInt16BE(at) })
    at += COUNT_BYTES
    for (let column = 0; column < fields.length; column += 1) {
      const length = bytes.readInt32BE(at)
      at += LENGTH_BYTES
      fields[column] = length < 0 ? null : bytes.toString('utf8', at, at + length)
      if (length > 0) at += length
    }
    return fields
  }
}

/** The row of these texts, for connections that answer with texts. */
export function dataRowOf(texts: readonly (string | null)[]): DataRow {
  const values = texts.map(text => (text === null ? null : Buffer.from(text)))
  const bytes = Buffer.alloc(COUNT_BYTES + values.reduce((sum, value) => sum + LENGTH_BYTES + (value?.length ?? 0), 0))
  bytes.writeInt16BE(values.length)
  let at = COUNT_BYTES
  for (const value of values) {
    bytes.writeInt32BE(value === null ? -1 : value.length, at)
    at += LENGTH_BYTES
    if (value !== null) at += value.copy(bytes, at)
  }
  return new DataRow(bytes, 0, bytes.length + LENGTH_BYTES)
}
