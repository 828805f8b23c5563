/**
 * Reads a backup as a stream of its parts and judges it while it does: each section by its digest, the file by its signature and its seal, the end by
 * its being there. Whoever reads to the end without an exception has read what was written. Knows no database.
 */
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import {
  type BackupEnd,
  type BackupHead,
  createSigner,
  END_OF_ROWS,
  FORMAT,
  isSameMac,
  type SectionHead,
  type SectionTail,
} from './format.ts'
import { unsealing } from './file-seal.ts'
import { BackupRefused, damaged, noBackup } from './refusal.ts'
import { countLines } from './write-backup.ts'

/** What a file consists of, in its order; `rows` holds whole lines. */
export type BackupPart =
  | { readonly kind: 'head'; readonly head: BackupHead; readonly isOurs: boolean }
  | { readonly kind: 'section'; readonly section: SectionHead }
  | { readonly kind: 'rows'; readonly bytes: Buffer }
  | { readonly kind: 'tail'; readonly tail: SectionTail }

/** Longer lines are no row of ours: Postgres itself holds no value beyond a gigabyte. */
const LONGEST_LINE = 1024 ** 3

/** Reads a compressed backup. `secret` is the installation's; a file that another one signed is read all the same and says so. */
export async function* readBackup(file: Readable, secret: string): AsyncGenerator<BackupPart> {
  const plain = createZstdDecompress()
  const feeding = pipeline(file, unsealing(), plain)
  feeding.catch(() => undefined)
  const signer = createSigner(secret)
  const lines = new Lines(plain)
  try {
    const first = await lines.next()
    const head = first === null ? null : parseHead(first)
    if (head === null || first === null) throw noBackup()
    if (head.nexus_backup > FORMAT)
      throw new BackupRefused(
        'newer',
        `The backup has the format ${head.nexus_backup}, and this version reads ${FORMAT}: restore it by version ${head.engine.version} or newer.`,
      )
    const isOurs = head.signed_by === signer.id
    yield { kind: 'head', head, isOurs }
    signer.add(first)
    let [sections, rows] = [0, 0]
    for (;;) {
      const line = await lines.next()
      if (line === null) throw damaged('it ends before its end')
      const said = parse(line)
      if (isEnd(said)) {
        if (said.sections !== sections || said.rows !== rows) throw damaged('parts of it are missing')
        if (isOurs && !isSameMac(said.mac, signer.mac())) throw damaged('its signature does not fit')
        if ((await lines.next()) !== null) throw damaged('something follows its end')
        await feeding
        return
      }
      const section = asSection(said)
      signer.add(line)
      yield { kind: 'section', section }
      const counted = { rows: 0, bytes: 0, hash: createHash('sha256') }
      for (let bytes = await lines.rows(); bytes !== null; bytes = await lines.rows()) {
        counted.hash.update(bytes)
        counted.rows += countLines(bytes)
        counted.bytes += bytes.length
        yield { kind: 'rows', bytes }
      }
      const after = await lines.next()
      if (after === null) throw damaged('it ends before its end')
      const tail = asTail(parse(after))
      if (tail.sha256 !== counted.hash.digest('hex') || tail.rows !== counted.rows || tail.bytes !== counted.bytes)
        throw damaged(`the rows of ${section.table} are not those that were written`)
      signer.add(after)
      yield { kind: 'tail', tail }
      sections += 1
      rows += tail.rows
    }
  } catch (error) {
    throw isOfZlib(error)
      ? codeOf(error) === 'ZSTD_error_prefix_unknown'
        ? noBackup()
        : damaged('it can not be unpacked to its end')
      : error
  } finally {
    file.destroy()
    plain.destroy()
  }
}

function isOfZlib(error: unknown): boolean {
  const code = codeOf(error)
  return code.startsWith('ZSTD_') || code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function parse(line: string): object {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below.
  }
  throw damaged('a line of it can not be read')
}

function parseHead(line: string): BackupHead | null {
  try {
    const value = JSON.parse(line) as Partial<BackupHead> | null
    return typeof value?.nexus_backup === 'number' && Array.isArray(value.tenants) && Array.isArray(value.schema)
      ? (value as BackupHead)
      : null
  } catch {
    return null
  }
}

function isEnd(said: object): said is BackupEnd {
  return 'end' in said && 'mac' in said
}

function asSection(said: object): SectionHead {
  const { table, tenant, columns } = said as Partial<SectionHead>
  if (typeof table === 'string' && typeof tenant === 'string' && Array.isArray(columns)) return said as SectionHead
  throw damaged('a line of it can not be read')
}

function asTail(said: object): SectionTail {
  const { rows, bytes, sha256 } = said as Partial<SectionTail>
  if (typeof rows === 'number' && typeof bytes === 'number' && typeof sha256 === 'string') return said as SectionTail
  throw damaged('a line of it can not be read')
}

/** A stream taken line by line, or by as many whole lines as are there. Holds no more than one piece of the stream and one line. */
class Lines {
  isBegun = false
  readonly #pieces: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)
  #isOver = false

  constructor(stream: AsyncIterable<Buffer>) {
    this.#pieces = stream[Symbol.asyncIterator]()
  }

  /** The next line without its end; null after the last one. */
  async next(): Promise<string | null> {
    await this.#holdLine()
    const end = this.#held.indexOf(10)
    if (end < 0) {
      if (this.#held.length > 0) throw this.isBegun ? damaged('it ends within a line') : noBackup()
      return null
    }
    const line = this.#held.toString('utf8', 0, end)
    this.#held = this.#held.subarray(end + 1)
    this.isBegun = true
    return line
  }

  /** Whole lines up to the end of the rows; null when that is reached. */
  async rows(): Promise<Buffer | null> {
    await this.#holdLine()
    const held = this.#held
    if (held.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS)) {
      this.#held = held.subarray(END_OF_ROWS.length)
      return null
    }
    const marker = held.indexOf('\n\\.\n')
    const end = marker >= 0 ? marker : held.lastIndexOf(10)
    if (end < 0) throw damaged('it ends within a row')
    this.#held = held.subarray(end + 1)
    return held.subarray(0, end + 1)
  }

  /** Reads on until a whole line is there, or nothing comes. */
  async #holdLine(): Promise<void> {
    if (this.#held.includes(10)) return
    const pieces = [this.#held]
    for (let length = this.#held.length; !this.#isOver; ) {
      const { value, done } = await this.#pieces.next()
      if (done === true) {
        this.#isOver = true
        break
      }
      pieces.push(value)
      length += value.length
      if (value.includes(10)) break
      if (length > LONGEST_LINE) throw damaged('a line of it has no end')
    }
    this.#held = Buffer.concat(pieces)
  }
}
