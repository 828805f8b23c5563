/**
 * The encoding of a text file: as its map says, else as its first bytes show. Refuses what is no text.
 * Knows neither rows nor fields.
 */
import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import iconv from 'iconv-lite'
import type { ImportMap } from '../../metadata/generated/types.ts'

/** Encodings files come in; the big-endian one by its mark alone. */
export type Encoding = NonNullable<ImportMap['encoding']> | 'utf-16be'

/** What a file turns out to be when it is no text. */
export type NoText = 'spreadsheet' | 'binary'

// A byte-order mark says more than any map.
const MARKS: readonly (readonly [bytes: readonly number[], encoding: Encoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]
// .xlsx and .ods are zip archives, .xls a compound file.
const SPREADSHEETS: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
]
// More than this share of letters outside ASCII is Cyrillic; Latin texts have some accents among many plain letters.
const CYRILLIC_SHARE = 0.35

/** The first bytes of a file, and whether there are more. */
export interface Head {
  readonly bytes: Buffer
  readonly whole: boolean
}

/** The encoding of a file by its first bytes, `named` where nothing speaks against it; or what it is instead of text. */
export function encodingOf({ bytes: head, whole }: Head, named?: ImportMap['encoding']): Encoding | NoText {
  if (SPREADSHEETS.some(mark => startsWith(head, mark))) return 'spreadsheet'
  const marked = MARKS.find(([mark]) => startsWith(head, mark))?.[1]
  const encoding = marked ?? named ?? guess(head, whole)
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be'
  return !isWide && head.includes(0) ? 'binary' : encoding
}

/** The file's characters; bytes that are none in its encoding become U+FFFD. */
export function decoded(content: Readable, encoding: Encoding): NodeJS.ReadableStream {
  const decoder = iconv.decodeStream(encoding, { stripBOM: true })
  content.on('error', error => decoder.emit('error', error))
  return content.pipe(decoder)
}

/** A piece of text in the encoding of a file. */
export function encoded(text: string, encoding: Encoding): Buffer {
  return iconv.encode(text, encoding)
}

/** The mark a file of this encoding begins with, so that spreadsheets read it rightly. */
export function markOf(encoding: Encoding): Buffer {
  return Buffer.from(MARKS.find(([, name]) => name === encoding)?.[0] ?? [])
}

/** The first characters of a file. */
export function decodedHead({ bytes }: Head, encoding: Encoding): string {
  return iconv.decode(bytes, encoding, { stripBOM: true })
}

function guess(head: Buffer, whole: boolean): Encoding {
  const wide = wideness(head)
  if (wide !== null) return wide
  // Where there is more, the head may end inside a character of up to four bytes.
  if ((whole ? [0] : [0, 1, 2, 3]).some(cut => isUtf8(head.subarray(0, Math.max(0, head.length - cut))))) return 'utf-8'
  let high = 0
  let plain = 0
  for (const byte of head) {
    if (byte >= 0xc0) high += 1
    else if ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)) plain += 1
  }
  return high > CYRILLIC_SHARE * (high + plain) ? 'windows-1251' : 'windows-1252'
}

/** UTF-16 without a mark: separators, digits and Latin letters have a zero beside them, always on the same side. */
function wideness(head: Buffer): Encoding | null {
  let even = 0
  let odd = 0
  for (const [at, byte] of head.entries()) {
    if (byte !== 0) continue
    if (at % 2 === 0) even += 1
    else odd += 1
  }
  if (odd > head.length / 8 && even === 0) return 'utf-16le'
  return even > head.length / 8 && odd === 0 ? 'utf-16be' : null
}

function startsWith(head: Buffer, mark: readonly number[]): boolean {
  return head.length >= mark.length && mark.every((byte, at) => head[at] === byte)
}
