/**
 * How text is compared by eye: one table, character to character, that drops case and accents and puts Cyrillic in
 * alphabet order. Browser, server and the database's `nexus.fold` are all made of this table.
 * Every character folds alone, so a prefix of a text folds to a prefix of its fold. Knows no locale and no field.
 */

/** Changes with the table: keys made under another version have to be made again. */
export const FOLD_VERSION = 1

/** Characters of an order key: longer ones order no better and swell the index. */
export const ORDER_KEY_LENGTH = 200

// ґ after г, є after е, і ї after и, as Ukrainian and Russian readers both expect; other Cyrillic alphabets find their letters near.
const CYRILLIC_ORDER = 'аәбвгґғѓдђеєжзѕиіїйјкќқлљмнњңоөпрстћуўұүфхһцчџшщъыьэюя'

// Cyrillic folds into the private use area: the only place where its letters can stand in order, next to each other,
// and where a folded text still folds to itself.
const CYRILLIC_BASE = 0xe400

// Letters that Unicode does not decompose, and the apostrophes of Ukrainian and French spelling.
const SINGLE: Readonly<Record<string, string>> = {
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ſ: 's',
  ɨ: 'i',
  ƀ: 'b',
  ς: 'σ',
  ё: 'е',
  ѐ: 'е',
  ѝ: 'и',
  '’': "'",
  ʼ: "'",
}

const COMBINING: readonly (readonly [number, number])[] = [
  [0x0300, 0x036f],
  [0x0483, 0x0487],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20f0],
  [0xfe20, 0xfe2f],
]

// Latin-1, Latin Extended A and B, IPA, apostrophes; Greek and Cyrillic; Latin Additional (Vietnamese) and polytonic Greek.
const LETTERS: readonly (readonly [number, number])[] = [
  [0x0041, 0x005a],
  [0x00c0, 0x02bc],
  [0x0370, 0x052f],
  [0x1e00, 0x1fff],
  [0x2019, 0x2019],
]

function foldLetter(letter: string): string {
  const lower = [...letter.toLowerCase().normalize('NFD')][0] ?? ''
  const whole = letter.toLowerCase()
  // й, ї, ѓ, ќ, ў decompose too, but are letters of their own: the alphabet is asked before the decomposition.
  const own = SINGLE[whole] ?? (CYRILLIC_ORDER.includes(whole) ? whole : (SINGLE[lower] ?? lower))
  const place = CYRILLIC_ORDER.indexOf(own)
  return place < 0 ? own : String.fromCodePoint(CYRILLIC_BASE + place)
}

function buildTable(): ReadonlyMap<string, string> {
  const table = new Map<string, string>()
  for (const [first, last] of LETTERS) {
    for (let code = first; code <= last; code += 1) {
      const letter = String.fromCodePoint(code)
      if (!/^[\p{L}’]$/u.test(letter)) continue
      const folded = foldLetter(letter)
      if (folded !== letter) table.set(letter, folded)
    }
  }
  for (const [first, last] of COMBINING) {
    for (let code = first; code <= last; code += 1) table.set(String.fromCodePoint(code), '')
  }
  return table
}

/** The table itself: what each character becomes; characters that are not in it stay. */
export const FOLD_TABLE: ReadonlyMap<string, string> = buildTable()

// Everything that the table may touch; most text is plain and passes untouched.
const TOUCHED = /[\u00c0-\u052f\u1dc0-\u1fff\u2019\u20d0-\u20f0\ufe20-\ufe2f]/

/** Folds a text: without case and accents, Cyrillic in alphabet order under plain code-point comparison. */
export function foldText(text: string): string {
  if (!TOUCHED.test(text)) return text.replace(/[A-Z]+/g, letters => letters.toLowerCase())
  let folded = ''
  for (const letter of text) folded += FOLD_TABLE.get(letter) ?? letter
  return folded
}

/** The key a text sorts by: the first 200 characters of its fold. */
export function orderKey(text: string): string {
  const folded = foldText(text)
  if (folded.length <= ORDER_KEY_LENGTH) return folded
  return [...folded].slice(0, ORDER_KEY_LENGTH).join('')
}

/** Compares two texts by code points, as the database's "C" collation does; `<` on strings compares UTF-16 units instead. */
export function compareCodePoints(a: string, b: string): -1 | 0 | 1 {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left === right) continue
    // A surrogate stands for a code point above every single unit.
    const leftHigh = left >= 0xd800 && left <= 0xdfff
    const rightHigh = right >= 0xd800 && right <= 0xdfff
    if (leftHigh !== rightHigh) return leftHigh ? 1 : -1
    return left < right ? -1 : 1
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1
}

/**
 * SQL that makes `nexus.fold(text)`, the same fold inside the database; run by whoever migrates.
 * It maps null to null. Plain ASCII takes a short way that needs no table.
 */
export function foldSqlFunction(): string {
  const { from, to } = translation()
  return [
    'create or replace function nexus.fold(text) returns text language sql immutable parallel safe strict as $fold$',
    'select case when octet_length($1) = char_length($1) then lower($1 collate "C")',
    `else translate($1, '${from.replaceAll("'", "''")}', '${to.replaceAll("'", "''")}') end`,
    '$fold$',
  ].join('\n')
}

// translate() looks a character up from left to right: what texts are made of stands first, even where it stays as it is.
function translation(): { from: string; to: string } {
  const frequent = [...FREQUENT, ...FREQUENT.toUpperCase(), ...range(0x20, 0x7e)]
  const kept: [string, string][] = []
  const deleted: string[] = []
  for (const letter of new Set([...frequent, ...FOLD_TABLE.keys()])) {
    const folded = FOLD_TABLE.get(letter) ?? letter
    if (folded === '') deleted.push(letter)
    else kept.push([letter, folded])
  }
  return { from: kept.map(([letter]) => letter).join('') + deleted.join(''), to: kept.map(([, folded]) => folded).join('') }
}

// Letters of Russian, Ukrainian, English and Spanish texts, commonest first, with the space and digits between.
const FREQUENT = ' оаеинтсрвлкмдпуяызьібгчйхжeaionrtslcudшюцщєїэфmpgbh0123456789fvywkxzqjъґё'

function range(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at))
}
