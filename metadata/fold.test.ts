import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareCodePoints, FOLD_TABLE, FOLD_VERSION, foldSqlFunction, foldText, ORDER_KEY_LENGTH, orderKey } from './fold.ts'

const sorted = (...texts: string[]) => texts.toSorted((a, b) => compareCodePoints(orderKey(a), orderKey(b)))

// Characters that the table knows, their neighbours, and anything else.
const letter = fc.oneof(
  fc.constantFrom(...FOLD_TABLE.keys()),
  fc.constantFrom(...'abcXYZ012 -_%\\\'"«»абвгґЇЙ日本🎉\n'),
  fc.integer({ min: 0x20, max: 0x2fff }).map(code => String.fromCodePoint(code)),
)
const text = fc.array(letter, { maxLength: 40 }).map(letters => letters.join(''))

test('drops case and accents', () => {
  expect(foldText('ÀÉÎÕÜ Ñandú Łódź Đức Ångström İstanbul')).toBe('aeiou nandu lodz duc angstrom istanbul')
  expect(foldText('Nguyễn Thị Ánh')).toBe('nguyen thi anh')
  expect(foldText('ΟΔΌΣ Ἀθῆναι')).toBe('οδοσ αθηναι')
  expect(foldText('e\u0301')).toBe('e')
})

test('letters of a Cyrillic alphabet stay different, ё is е', () => {
  expect(foldText('Ёлка')).toBe(foldText('елка'))
  for (const [a, b] of ['ий', 'иі', 'ії', 'гґ', 'еє', 'уў'].map(pair => [...pair])) {
    expect(foldText(a ?? '')).not.toBe(foldText(b ?? ''))
    expect(foldText(a ?? '')).toBe(foldText((a ?? '').toUpperCase()))
  }
})

test('folded Cyrillic is in alphabet order, after Latin', () => {
  const alphabet = [...'абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюя']
  expect(sorted(...alphabet.toReversed())).toEqual(alphabet)
  expect(sorted('ґава', 'дім', 'гуска', 'Zoo', 'їжак', 'йод', 'ікра')).toEqual(['Zoo', 'гуска', 'ґава', 'дім', 'ікра', 'їжак', 'йод'])
})

test('a prefix of a text folds to a prefix of its fold', () => {
  fc.assert(fc.property(text, text, (a, b) => foldText(a + b) === foldText(a) + foldText(b)))
})

test('a folded text folds to itself', () => {
  fc.assert(fc.property(text, each => foldText(foldText(each)) === foldText(each)))
})

test('upper and lower case of what the table knows fold alike', () => {
  for (const known of FOLD_TABLE.keys()) {
    const lower = known.toLowerCase()
    if ([...lower].length === 1) expect(foldText(lower), known).toBe(foldText(known))
  }
})

test('an order key has at most 200 characters, counted as characters', () => {
  expect([...orderKey('🎉'.repeat(300))].length).toBe(ORDER_KEY_LENGTH)
  expect(orderKey('A'.repeat(300))).toBe('a'.repeat(200))
  expect(orderKey('é'.repeat(150))).toBe('e'.repeat(150))
})

test('code points are compared, not UTF-16 units', () => {
  expect(compareCodePoints('\uffee', '🎉')).toBe(-1)
  expect(compareCodePoints('a', 'ab')).toBe(-1)
  expect(compareCodePoints('b', 'ab')).toBe(1)
  expect(compareCodePoints('б', 'б')).toBe(0)
  const bytes = (value: string) => Buffer.from(value, 'utf8')
  fc.assert(fc.property(text, text, (a, b) => compareCodePoints(a, b) === Buffer.compare(bytes(a), bytes(b))))
})

test('the table is the one of its version: stored keys were made with it', () => {
  const print = createHash('sha256')
    .update(JSON.stringify([...FOLD_TABLE]))
    .digest('hex')
  expect([FOLD_VERSION, print.slice(0, 16)]).toEqual([1, '3080ec3c235a53d7'])
})

test('the SQL function is declared as an index and a slot need it', () => {
  expect(foldSqlFunction()).toMatch(
    /^create or replace function nexus\.fold\(text\) returns text language sql immutable parallel safe strict as /,
  )
})
