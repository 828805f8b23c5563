/**
 * Broken values and bodies of writes × the answer they get, over the entities of the workshop. Drives the test and the table of the reference.
 */

/** What is sent to `POST /api/records/<entity>`, and the first problem that comes back; `input` is the row's text in the table. */
export interface BrokenWrite {
  readonly group: string
  readonly input: string
  readonly entity: 'firm' | 'job' | 'place'
  readonly body: unknown
  readonly pointer: string
  readonly code: string
}

const NOWHERE = '0198c0de-0000-7000-8000-000000000000'

/** A job whose title is sound and whose named member is not. */
const job = (
  group: string,
  key: string,
  rows: readonly (readonly [input: string, value: unknown, code: string, inside?: string])[],
): BrokenWrite[] =>
  rows.map(([input, value, code, inside = '']) => ({
    group,
    input,
    entity: 'job',
    body: { title: 'Sound', [key]: value },
    pointer: `/${key}${inside}`,
    code,
  }))

const firm = (
  group: string,
  key: string,
  rows: readonly (readonly [input: string, value: unknown, code: string, inside?: string])[],
): BrokenWrite[] =>
  job(group, key, rows).map(each => ({
    ...each,
    entity: 'firm',
    body: { name: `Firm of ${group}`, [key]: (each.body as Record<string, unknown>)[key] },
  }))

const whole = (input: string, body: unknown, pointer: string, code: string): BrokenWrite => ({
  group: 'The body',
  input,
  entity: 'job',
  body,
  pointer,
  code,
})

const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) })

export const brokenWrites: readonly BrokenWrite[] = [
  whole('an array', [], '', 'VALIDATE_TYPE'),
  whole('a text', 'title', '', 'VALIDATE_TYPE'),
  whole('`null`', null, '', 'VALIDATE_TYPE'),
  whole('a number', 7, '', 'VALIDATE_TYPE'),
  whole('nothing that is required', {}, '/title', 'VALIDATE_REQUIRED'),
  whole('an unknown name', { title: 'x', colour: 'red' }, '/colour', 'VALIDATE_UNKNOWN_NAME'),
  whole('a name in capitals', { title: 'x', Title: 'x' }, '/Title', 'VALIDATE_UNKNOWN_NAME'),
  whole('a name with a slash', { title: 'x', 'a/b~c': 1 }, '/a~1b~0c', 'VALIDATE_UNKNOWN_NAME'),
  whole('a system field', { title: 'x', created_by: NOWHERE }, '/created_by', 'VALIDATE_NOT_WRITABLE'),
  whole('a computed field', { title: 'x', gross: '1' }, '/gross', 'VALIDATE_NOT_WRITABLE'),
  whole('the name of a to-many relation', { title: 'x', visits: [] }, '/visits', 'VALIDATE_UNKNOWN_NAME'),
  ...job('Text', 'title', [
    ['a number', 7, 'VALIDATE_TYPE'],
    ['`true`', true, 'VALIDATE_TYPE'],
    ['an object', { en: 'x' }, 'VALIDATE_TYPE'],
    ['an array', ['x'], 'VALIDATE_TYPE'],
    ['an empty text', '', 'VALIDATE_EMPTY'],
    ['only spaces', '   ', 'VALIDATE_EMPTY'],
    ['too long', 'x'.repeat(81), 'VALIDATE_MAX_LENGTH'],
    ['a line break in one line', 'a\nb', 'VALIDATE_TEXT'],
  ]),
  ...job('Text', 'currency', [['too short', 'EU', 'VALIDATE_MIN_LENGTH']]),
  ...firm('Text', 'code', [['not of the required form', 'ab12', 'VALIDATE_PATTERN']]),
  ...firm('E-mail, phone, address of the web', 'email', [
    ['no address', 'someone', 'VALIDATE_EMAIL'],
    ['two addresses', 'a@b.test,c@d.test', 'VALIDATE_EMAIL'],
    ['a line break to smuggle a header', 'a@b.test\nbcc: c@d.test', 'VALIDATE_EMAIL'],
  ]),
  ...firm('E-mail, phone, address of the web', 'phone', [['letters', 'call me', 'VALIDATE_PHONE']]),
  ...firm('E-mail, phone, address of the web', 'website', [
    ['a script', 'javascript:alert(1)', 'VALIDATE_URL'],
    ['a password in it', 'https://user:secret@example.test', 'VALIDATE_URL'],
    ['no scheme', 'example.test', 'VALIDATE_URL'],
  ]),
  ...job('Whole numbers', 'hours', [
    ['a number as text', '10', 'VALIDATE_TYPE'],
    ['a fraction', 1.5, 'VALIDATE_INTEGER'],
    ['too small', -1, 'VALIDATE_MINIMUM'],
    ['too large', 1_001, 'VALIDATE_MAXIMUM'],
    ['`true`', true, 'VALIDATE_TYPE'],
  ]),
  ...job('Amounts and percents', 'value', [
    ['a number', 10, 'VALIDATE_TYPE'],
    ['words', 'ten', 'VALIDATE_DECIMAL'],
    ['an exponent', '1e3', 'VALIDATE_DECIMAL'],
    ['a comma', '1,50', 'VALIDATE_DECIMAL'],
    ['a sign of a currency', '€10', 'VALIDATE_DECIMAL'],
    ['`NaN`', 'NaN', 'VALIDATE_DECIMAL'],
    ['too many digits after the point', '1.001', 'VALIDATE_SCALE'],
    ['too many digits before it', '1'.repeat(30), 'VALIDATE_DIGITS'],
    ['too small', '-0.01', 'VALIDATE_MINIMUM'],
  ]),
  ...job('Amounts and percents', 'discount', [['above a hundred', '100.5', 'VALIDATE_MAXIMUM']]),
  {
    group: 'Amounts and percents',
    input: 'a currency without a rate',
    entity: 'job',
    body: { title: 'x', value: '1', currency: 'XTS' },
    pointer: '/value',
    code: 'VALIDATE_RATE',
  },
  ...firm('Yes or no', 'active', [
    ['a text', 'true', 'VALIDATE_TYPE'],
    ['a number', 1, 'VALIDATE_TYPE'],
  ]),
  ...job('Days and times', 'starts_on', [
    ['another spelling', '01.05.2026', 'VALIDATE_DATE'],
    ['a day that is not', '2026-02-30', 'VALIDATE_DATE'],
    ['a time', '2026-05-01T10:00:00Z', 'VALIDATE_DATE'],
    ['a number', 1_777_593_600, 'VALIDATE_TYPE'],
  ]),
  ...firm('Days and times', 'opened_at', [
    ['without a zone', '2026-05-01T10:00:00', 'VALIDATE_DATETIME'],
    ['an hour that is not', '2026-05-01T25:00:00Z', 'VALIDATE_DATETIME'],
    ['a word', 'now', 'VALIDATE_DATETIME'],
  ]),
  ...job('Options', 'process', [
    ['an option that is not there', 'fast', 'VALIDATE_OPTION'],
    ['an option in capitals', 'PLAN', 'VALIDATE_OPTION'],
    ['a list for one option', ['plan'], 'VALIDATE_TYPE'],
  ]),
  ...job('Options', 'stage', [['a state no record begins in', 'agreed', 'VALIDATE_STATE_INITIAL']]),
  ...job('Lists', 'tags', [
    ['a text', 'a', 'VALIDATE_TYPE'],
    ['a number in it', ['a', 1], 'VALIDATE_TYPE', '/1'],
    ['an empty text in it', [''], 'VALIDATE_EMPTY', '/0'],
  ]),
  ...job('Parts', 'address', [
    ['an unknown part', { planet: 'Mars' }, 'VALIDATE_UNKNOWN_PART'],
    ['a text', 'A street 1', 'VALIDATE_TYPE'],
    ['a country that is none', { country: 'XX' }, 'VALIDATE_COUNTRY', '/country'],
    ['a number in a part', { city: 7 }, 'VALIDATE_TYPE', '/city'],
  ]),
  ...job('JSON', 'extra', [
    ['too deep', deep(25), 'VALIDATE_JSON_DEPTH'],
    ['too large', 'x'.repeat(200_000), 'VALIDATE_JSON_SIZE'],
  ]),
  ...job('References', 'firm', [
    ['a record that never was', NOWHERE, 'VALIDATE_REFERENCE'],
    ['a name', 'Acme', 'VALIDATE_ID'],
    ['an object', { id: NOWHERE }, 'VALIDATE_TYPE'],
    ['a list', [NOWHERE], 'VALIDATE_TYPE'],
  ]),
  ...job('References', 'parts', [
    ['one id without a list', NOWHERE, 'VALIDATE_TYPE'],
    ['a record that never was', [NOWHERE], 'VALIDATE_REFERENCE'],
    ['the same record twice', [NOWHERE, NOWHERE], 'VALIDATE_DUPLICATE', '/1'],
    ['a column of the link that is not there', [{ id: NOWHERE, weight: 1 }], 'VALIDATE_UNKNOWN_PART', '/0'],
    ['a column of another type', [{ id: NOWHERE, amount: 'two' }], 'VALIDATE_TYPE', '/0/amount'],
    ['more links than allowed', Array.from({ length: 11 }, (_, n) => `0198c0de-0000-7000-8000-0000000000${n + 10}`), 'VALIDATE_MAX_ITEMS'],
  ]),
  {
    group: 'References',
    input: 'a parent that is the record’s own kind but not there',
    entity: 'place',
    body: { name: 'x', parent: NOWHERE },
    pointer: '/parent',
    code: 'VALIDATE_REFERENCE',
  },
  ...job('Lines', 'lines', [
    ['a text', 'x', 'VALIDATE_TABLE_ARRAY'],
    ['`null`', null, 'VALIDATE_TABLE_ARRAY'],
    ['a line that is no object', ['x'], 'VALIDATE_TYPE', '/0'],
    ['a line with an unknown name', [{ what: 'x', colour: 'red' }], 'VALIDATE_UNKNOWN_NAME', '/0/colour'],
    ['a line without what it needs', [{}], 'VALIDATE_REQUIRED', '/0/what'],
    ['a line of a record that does not exist yet', { update: [{ id: NOWHERE, version: 1 }] }, 'VALIDATE_TABLE_LINE', '/update/0'],
    ['more lines than a request may bring', Array.from({ length: 501 }, () => ({ what: 'x' })), 'VALIDATE_TABLE_SIZE'],
    ['more lines than the table takes', Array.from({ length: 21 }, () => ({ what: 'x' })), 'VALIDATE_MAX_ITEMS'],
    ['an unknown operation', { insert: [] }, 'VALIDATE_UNKNOWN_NAME', '/insert'],
  ]),
  {
    group: 'Rules',
    input: 'a value beyond a rule',
    entity: 'job',
    body: { title: 'x', discount: '31' },
    pointer: '/discount',
    code: 'VALIDATE_RULE',
  },
  {
    group: 'Rules',
    input: 'a field that does not apply',
    entity: 'job',
    body: { title: 'x', reason: 'y' },
    pointer: '/reason',
    code: 'VALIDATE_NOT_VISIBLE',
  },
]
