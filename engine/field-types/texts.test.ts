/** Answers for: texts, addresses of all kinds, options, lists and JSON as single types. */
import { expect, test } from 'vitest'
import { processorMs } from '../test/harness/processor-time.ts'
import type { ChoiceField, Field, MultiReferenceField } from '../../metadata/generated/types.ts'
import { CELL_SCOPES, ENGLISH, MOMENT } from '../test/harness/field-samples.ts'
import type { Wire } from './field-type.ts'
import { validatorOf } from '../kernel/schema.ts'
import { fieldTypeOf } from './registry.ts'

const EN = { locale: 'en', timeZone: 'UTC' }
const RU = { locale: 'ru', timeZone: 'UTC' }

function canonical(field: Field, value: Wire): unknown {
  const read = fieldTypeOf(field.type).canonical(value, field, MOMENT)
  return read.ok ? read.value : read.pointer === '' ? read.code : `${read.pointer} ${read.code}`
}

function cell(field: Field, text: string, scope = EN): unknown {
  const read = fieldTypeOf(field.type).parseCell(text, field, scope)
  return read.ok ? read.value : read.code
}

const text: Field = { key: 'name', type: 'text' }
const phone: Field = { key: 'phone', type: 'phone' }
const id = '0198c0de-0000-7000-8000-0000000000aa'
const other = '0198c0de-0000-7000-8000-0000000000bb'

test('a text is trimmed, composed, of one line and of storable characters', () => {
  expect([
    canonical(text, '  Zoe\u0308 '),
    canonical(text, 'a\tb'),
    canonical(text, 'a\nb'),
    canonical(text, 'a\u0000'),
    canonical(text, '\ud800'),
    canonical(text, 'a\u2028b'),
  ]).toEqual(['Zo\u00eb', 'VALIDATE_TEXT', 'VALIDATE_TEXT', 'VALIDATE_TEXT', 'VALIDATE_TEXT', 'VALIDATE_TEXT'])
  expect([canonical(text, '   '), canonical(text, ''), canonical(text, 5), canonical(text, null), canonical(text, ['a'])]).toEqual([
    'VALIDATE_EMPTY',
    'VALIDATE_EMPTY',
    'VALIDATE_TYPE',
    'VALIDATE_TYPE',
    'VALIDATE_TYPE',
  ])
})

test('lengths count characters, not code units', () => {
  expect([
    canonical({ ...text, max_length: 3 }, '😀😀😀'),
    canonical({ ...text, max_length: 3 }, 'abcd'),
    canonical({ ...text, min_length: 3 }, 'ab'),
    canonical(text, 'x'.repeat(256)),
  ]).toEqual(['😀😀😀', 'VALIDATE_MAX_LENGTH', 'VALIDATE_MIN_LENGTH', 'VALIDATE_MAX_LENGTH'])
})

test('a pattern must match the whole text, in linear time', () => {
  const code: Field = { key: 'code', type: 'text', pattern: '(a+)+|b' }
  expect([canonical(code, 'aaa'), canonical(code, 'ab'), canonical(code, ' b'), canonical(code, `${'a'.repeat(250)}!`)]).toEqual([
    'aaa',
    'VALIDATE_PATTERN',
    'VALIDATE_PATTERN',
    'VALIDATE_PATTERN',
  ])
  expect(cell(code, ' b ')).toBe('b')
})

test('long text keeps lines and tabs, with one spelling of line ends', () => {
  const notes: Field = { key: 'notes', type: 'long_text' }
  expect([canonical(notes, 'a\r\nb\rc\n\td'), canonical(notes, 'a\u0007'), canonical(notes, 'x'.repeat(20_001))]).toEqual([
    'a\nb\nc\n\td',
    'VALIDATE_TEXT',
    'VALIDATE_MAX_LENGTH',
  ])
})

test('an e-mail address has its domain in lower case', () => {
  const mail: Field = { key: 'mail', type: 'email' }
  expect([
    canonical(mail, ' Anna.Smith+crm@Example.COM '),
    canonical(mail, "o'neil@a-b.co.uk"),
    canonical(mail, 'ivan@xn--e1afmkfd.xn--p1ai'),
  ]).toEqual(['Anna.Smith+crm@example.com', "o'neil@a-b.co.uk", 'ivan@xn--e1afmkfd.xn--p1ai'])
  for (const wrong of [
    'a@b',
    '@b.de',
    'a@',
    'a b@c.de',
    'a..b@c.de',
    '.a@c.de',
    'a@-c.de',
    'a@c.d-',
    'a@c..de',
    'a@b@c.de',
    `${'a'.repeat(65)}@c.de`,
    `a@${'b'.repeat(64)}.de`,
    'a@b.de\nbcc:x@y.de',
    '<a@b.de>',
  ]) {
    expect([wrong, canonical(mail, wrong)]).toEqual([wrong, 'VALIDATE_EMAIL'])
  }
  expect(cell(mail, 'mailto:a@b.de')).toBe('a@b.de')
})

test('hostile texts are refused as fast as others', () => {
  const spent = processorMs(() => {
    for (const type of ['email', 'url', 'phone', 'date', 'datetime', 'decimal', 'reference'] as const) {
      const field = { key: 'it', type, target: 'x' } as Field
      for (const long of ['a', '1', 'a.', 'a@', '-', ' ', '0', 'a-', 'http://', '(', '2026-'].map(part => part.repeat(50_000))) {
        canonical(field, long)
        canonical(field, `a@${long}`)
        for (const scope of CELL_SCOPES) cell(field, long, scope)
      }
    }
  })
  expect(spent).toBeLessThan(2_000)
})

test('a web address is http or https, spelled as browsers spell it, without a password', () => {
  const site: Field = { key: 'site', type: 'url' }
  expect([canonical(site, 'HTTP://Example.COM'), canonical(site, 'https://a.de/б?q=ё#x'), canonical(site, 'https://пример.рф/')]).toEqual([
    'http://example.com/',
    'https://a.de/%D0%B1?q=%D1%91#x',
    'https://xn--e1afmkfd.xn--p1ai/',
  ])
  for (const wrong of [
    'javascript:alert(1)',
    'JaVaScRiPt://x/%0aalert(1)',
    'data:text/html,x',
    'ftp://a.de',
    'acme.com',
    '//a.de',
    'http://',
    'https://user:pw@a.de',
    'https://user@a.de',
    'http://a b.de',
    'http://a.de/\u0000',
    'http:a.de',
  ]) {
    expect([wrong, canonical(site, wrong)]).toEqual([wrong, 'VALIDATE_URL'])
  }
  expect([cell(site, 'acme.com/shop'), cell(site, 'javascript:alert(1)')]).toEqual(['https://acme.com/shop', 'VALIDATE_URL'])
})

test('a phone number is digits, international where the country is known', () => {
  expect([
    canonical(phone, '+49 (0)30 123-456'),
    canonical(phone, '0049 30 123456'),
    canonical(phone, '030 / 123456'),
    canonical(phone, '112'),
  ]).toEqual(['+4930123456', '+4930123456', '030123456', '112'])
  const at = (country: string, number: string): unknown => canonical({ key: 'phone', type: 'phone', default_country: country }, number)
  expect([
    at('DE', '030 123456'),
    at('UA', '050 123-45-67'),
    at('UA', '380501234567'),
    at('RU', '8 (495) 123-45-67'),
    at('RU', '79161234567'),
    at('ES', '612 345 678'),
    at('US', '(212) 555-0100'),
    at('US', '1 212 555 0100'),
    at('IT', '06 1234567'),
    at('DE', '110'),
    at('BY', '8 029 123-45-67'),
  ]).toEqual([
    '+4930123456',
    '+380501234567',
    '+380501234567',
    '+74951234567',
    '+79161234567',
    '+34612345678',
    '+12125550100',
    '+12125550100',
    '+39061234567',
    '110',
    '+375291234567',
  ])
  for (const wrong of ['', '1', '+', 'call me', '+0123456', '12345678901234567', '+49 30 12 ext 5', '٠٣٠١٢٣'])
    expect([wrong, canonical(phone, wrong)]).toEqual([wrong, 'VALIDATE_PHONE'])
  expect(cell(phone, 'tel:+49\u00a030\u2011123')).toBe('+4930123')
})

const stage: ChoiceField = {
  key: 'stage',
  type: 'choice',
  options: [
    { value: 'lead', label: { en: 'Lead', ru: 'Лид' } },
    { value: 'won', label: { en: 'Won', ru: 'Победа' } },
    { value: 'gone', label: { en: 'Gone', ru: 'Победа' }, retired: true },
  ],
}

test('a choice sorts by the place of its option and knows which are retired', () => {
  const choice = fieldTypeOf('choice')
  expect(['lead', 'gone', 'nothing'].map(value => choice.slotKey?.(value, stage))).toEqual(['0001', '0003', null])
  expect([choice.isRetired?.('gone', stage), choice.isRetired?.('won', stage)]).toEqual([true, false])
  expect([canonical(stage, 'gone'), canonical(stage, 'Won'), canonical(stage, 1)]).toEqual(['gone', 'VALIDATE_OPTION', 'VALIDATE_TYPE'])
})

test('the schema of a choice offers titles, and retired options only for what is stored', () => {
  const choice = fieldTypeOf('choice')
  expect(choice.recordSchema(stage, ENGLISH)).toEqual({
    title: 'Stage',
    type: 'string',
    oneOf: [
      { const: 'lead', title: 'Lead' },
      { const: 'won', title: 'Won' },
    ],
  })
  expect(choice.recordSchema(stage, { ...ENGLISH, retired: true })['oneOf']).toHaveLength(3)
  const over = { ...stage, options: stage.options.map(option => ({ ...option, retired: true })) }
  expect(validatorOf({ ...choice.recordSchema(over, ENGLISH) })('lead')).not.toEqual([])
})

test('a cell names an option by value or label in any language, unless two are called so', () => {
  expect([cell(stage, 'won'), cell(stage, 'WON'), cell(stage, 'лид'), cell(stage, 'Лид', RU), cell(stage, 'Gone')]).toEqual([
    'won',
    'won',
    'lead',
    'lead',
    'gone',
  ])
  expect([cell(stage, 'Победа', RU), cell(stage, 'Deal')]).toEqual(['VALIDATE_CELL_OPTION_AMBIGUOUS', 'VALIDATE_OPTION'])
  expect(fieldTypeOf('choice').formatCell('won', stage, RU)).toBe('won')
})

test('several options stand in their order, each once', () => {
  const field: Field = { key: 'stages', type: 'multi_choice', options: stage.options, max_items: 2, min_items: 1 }
  expect([
    canonical(field, ['won', 'lead', 'won']),
    canonical(field, ['won', 'x']),
    canonical(field, []),
    canonical(field, ['lead', 'won', 'gone']),
    canonical(field, 'won'),
  ]).toEqual([['lead', 'won'], '/1 VALIDATE_OPTION', 'VALIDATE_MIN_ITEMS', 'VALIDATE_MAX_ITEMS', 'VALIDATE_TYPE'])
  expect(cell(field, 'Won, Lead')).toEqual(['lead', 'won'])
})

test('tags are single lines, each once', () => {
  const field: Field = { key: 'tags', type: 'tags', max_items: 3, max_length: 5 }
  expect([
    canonical(field, [' vip ', 'vip', 'VIP']),
    canonical(field, ['toolong']),
    canonical(field, ['a', 7]),
    canonical(field, ['a', 'b', 'c', 'd']),
  ]).toEqual([['vip', 'VIP'], '/0 VALIDATE_MAX_LENGTH', '/1 VALIDATE_TYPE', 'VALIDATE_MAX_ITEMS'])
  expect([cell(field, 'a; b,c ;d'), cell(field, 'a, b'), cell(field, '"a,b"; "c"'), cell(field, '"a')]).toEqual([
    ['a', 'b,c', 'd'],
    ['a', 'b'],
    ['a,b', 'c'],
    'VALIDATE_CELL_LIST',
  ])
})

test('a link is an id, or an object where it has columns', () => {
  const plain: MultiReferenceField = { key: 'contacts', type: 'multi_reference', target: 'contact' }
  const rich: MultiReferenceField = {
    ...plain,
    link_fields: [
      { key: 'role', type: 'text', required: true, max_length: 10 },
      { key: 'share', type: 'percent' },
    ],
  }
  expect([
    canonical(plain, [id.toUpperCase()]),
    canonical(plain, [id, id.toUpperCase()]),
    canonical(plain, ['x']),
    canonical(plain, [{ id }]),
  ]).toEqual([[id], '/1 VALIDATE_DUPLICATE', '/0 VALIDATE_ID', '/0 VALIDATE_TYPE'])
  expect(
    canonical(rich, [
      { share: '5.00', role: ' Boss ', id },
      { id: other, role: 'x', share: null },
    ]),
  ).toEqual([
    { id, role: 'Boss', share: '5' },
    { id: other, role: 'x' },
  ])
  expect([
    canonical(rich, [id]),
    canonical(rich, [{ id, role: 'x', rank: 1 }]),
    canonical(rich, [{ role: 'x' }]),
    canonical(rich, [{ id, role: 'x', share: 5 }]),
  ]).toEqual(['/0 VALIDATE_REQUIRED_PART', '/0 VALIDATE_UNKNOWN_PART', '/0/id VALIDATE_TYPE', '/0/share VALIDATE_TYPE'])
  const validate = validatorOf({ ...fieldTypeOf('multi_reference').recordSchema(rich, ENGLISH) })
  expect([validate([{ id, role: 'x', share: null }]), validate([{ id }]).length]).toEqual([[], 1])
})

test('an address holds its known parts and a country that exists', () => {
  const field: Field = { key: 'place', type: 'address' }
  expect(canonical(field, { country: 'UA', city: ' Київ ' })).toEqual({ city: 'Київ', country: 'UA' })
  expect([
    canonical(field, {}),
    canonical(field, { street: 'x' }),
    canonical(field, { country: 'XX' }),
    canonical(field, { city: '' }),
    canonical(field, []),
    canonical({ ...field, parts: ['city'] }, { line1: 'x' }),
  ]).toEqual([
    'VALIDATE_EMPTY',
    'VALIDATE_UNKNOWN_PART',
    '/country VALIDATE_COUNTRY',
    '/city VALIDATE_EMPTY',
    'VALIDATE_TYPE',
    'VALIDATE_UNKNOWN_PART',
  ])
  expect([
    cell(field, 'Main St 1, Springfield'),
    cell(field, 'Main St 1\n12345 Springfield'),
    cell(field, 'Main St 1;;12345;Springfield'),
  ]).toEqual([
    { line1: 'Main St 1, Springfield' },
    { line1: 'Main St 1, 12345 Springfield' },
    { line1: 'Main St 1', postal_code: '12345', city: 'Springfield' },
  ])
})

test('a name sorts by family name and is read in the order of the language', () => {
  const field: Field = { key: 'person', type: 'person_name' }
  const type = fieldTypeOf('person_name')
  expect(type.slotKey?.({ given: 'Anna', family: 'Éclair', prefix: 'Dr.' }, field)).toBe('eclair anna')
  expect(cell(field, 'Anna Smith')).toEqual({ given: 'Anna', family: 'Smith' })
  expect(cell(field, 'Иванова Анна Петровна', RU)).toEqual({ given: 'Анна', middle: 'Петровна', family: 'Иванова' })
  expect(cell(field, 'van Gogh, Vincent Willem')).toEqual({ given: 'Vincent Willem', family: 'van Gogh' })
  expect([cell(field, 'Anna Maria Smith'), cell(field, 'a, b, c')]).toEqual([
    'VALIDATE_CELL_NAME_AMBIGUOUS',
    'VALIDATE_CELL_NAME_AMBIGUOUS',
  ])
  expect(type.formatCell({ given: 'Anna', family: 'Smith' }, field, EN)).toBe('Smith, Anna')
})

test('JSON has a size and a depth', () => {
  const field: Field = { key: 'extra', type: 'json', max_bytes: 100 }
  const deep = (levels: number): Wire => (levels === 0 ? 1 : [deep(levels - 1)])
  expect([
    canonical(field, { a: [1, null] }),
    canonical(field, deep(16)),
    canonical(field, deep(17)),
    canonical(field, 'x'.repeat(99)),
    canonical(field, 'a\u0000'),
    canonical(field, '\ud800'),
    canonical(field, null),
  ]).toEqual([{ a: [1, null] }, deep(16), 'VALIDATE_JSON_DEPTH', 'VALIDATE_JSON_SIZE', 'VALIDATE_JSON', 'VALIDATE_JSON', 'VALIDATE_JSON'])
  expect([cell(field, '{"a":1,"a":2}'), cell(field, '{bad}'), cell(field, ' {"a": 1} ')]).toEqual([
    'VALIDATE_JSON',
    'VALIDATE_JSON',
    { a: 1 },
  ])
})

test('a cell says yes and no in every language', () => {
  const field: Field = { key: 'active', type: 'boolean' }
  expect(['Yes', 'да', 'ТАК', 'Sí', 'si', 'TRUE', '1', 'y'].map(text_ => cell(field, text_))).toEqual(Array(8).fill(true))
  expect(['No', 'нет', 'ні', 'false', '0', 'N'].map(text_ => cell(field, text_))).toEqual(Array(6).fill(false))
  expect([cell(field, 'maybe'), canonical(field, 1), canonical(field, 'true')]).toEqual([
    'VALIDATE_CELL_BOOLEAN',
    'VALIDATE_TYPE',
    'VALIDATE_TYPE',
  ])
})

test('ids are lower-case UUIDs', () => {
  const field: Field = { key: 'customer', type: 'reference', target: 'customer' }
  expect([
    canonical(field, id.toUpperCase()),
    canonical(field, `{${id}}`),
    canonical(field, id.replaceAll('-', '')),
    canonical(field, `${id}\n`),
  ]).toEqual([id, 'VALIDATE_ID', 'VALIDATE_ID', 'VALIDATE_ID'])
})

test('long values are quoted in part', () => {
  const read = fieldTypeOf('choice').canonical('x'.repeat(10_000), stage, MOMENT)
  expect(read.ok ? '' : read.message.length).toBeLessThan(120)
})
