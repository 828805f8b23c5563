/** Fields of every type with values as clients may send them, for the tests of this room. */
import fc from 'fast-check'
import type { Field } from '../../../metadata/generated/types.ts'
import type { CellScope, FieldType, Moment, SchemaScope, Wire } from '../../field-types/index.ts'
import { fieldTypeOf } from '../../field-types/index.ts'

/** A field, its type, and values of which many are valid. */
export interface Sample {
  readonly field: Field
  readonly type: FieldType
  readonly values: fc.Arbitrary<Wire>
}

export const MOMENT: Moment = { today: '2026-05-01', now: '2026-05-01T12:00:00.000Z' }

export const ENGLISH: SchemaScope = { label: (labels, fallback) => labels?.['en'] ?? fallback }

export const CELL_SCOPES: readonly CellScope[] = [
  { locale: 'en', timeZone: 'UTC' },
  { locale: 'ru', timeZone: 'Europe/Moscow' },
  { locale: 'uk', timeZone: 'Europe/Kyiv' },
  { locale: 'es', timeZone: 'Europe/Madrid' },
  { locale: 'en', timeZone: 'America/New_York', decimalSeparator: ',', separator: '|', dateFormat: 'MM/dd/yyyy hh:mm:ss a' },
  { locale: 'es', timeZone: 'Asia/Kathmandu', decimalSeparator: '.', separator: ' / ', dateFormat: 'dd.MM.yy' },
]

const options = [
  { value: 'lead', label: { en: 'Lead', ru: 'Лид' } },
  { value: 'won', label: { en: 'Won; at last', ru: 'Победа' } },
  { value: 'twin_a', label: { en: 'Twin', ru: 'Двойник' } },
  { value: 'twin_b', label: { en: 'twin', ru: 'Двойник' } },
  { value: 'lost', label: { en: 'lead', es: 'Perdido, ay' }, retired: true },
]

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    'Ёлка',
    'елка',
    'Їжак',
    'їжак',
    'Иж',
    'Йод',
    'ígloo',
    'Ñandú',
    'nandu',
    'zebra',
    'Zoë',
    'a;b',
    '"a", b',
    ' a',
    'Straße',
    '😀',
    'ﬀ',
    'İstanbul',
    'a'.repeat(250),
  ),
)
const decimals = (scale: number, zeros: 'kept' | 'free' = 'free') =>
  fc
    .tuple(fc.oneof(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.bigInt({ min: -2000n, max: 2000n })), fc.nat(scale))
    .map(([scaled, shown]) => {
      const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(scale + 1, '0')
      const whole = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
      const text = zeros === 'kept' || shown === scale ? whole : whole.replace(/\.?0*$/, '') || '0'
      return scaled < 0n ? `-${text}` : text
    })
const days = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map(date => date.toISOString().slice(0, 10))
const instants = fc
  .oneof(
    fc.date({ min: new Date('1971-01-01'), max: new Date('2037-12-31'), noInvalidDate: true }),
    fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
  )
  .chain(date =>
    fc.constantFrom(
      date.toISOString(),
      date.toISOString().replace(/\.\d+Z$/, 'Z'),
      date.toISOString().replace('Z', '+02:00'),
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00Z',
      '2026-03-29T01:00:00Z',
    ),
  )
const parts = (keys: readonly string[]) => fc.dictionary(fc.constantFrom(...keys), words, { minKeys: 1, maxKeys: keys.length })

function sample(field: Field, values: fc.Arbitrary<Wire>): Sample {
  return { field, type: fieldTypeOf(field.type), values }
}

/** One or more fields of every type. */
export const SAMPLES: readonly Sample[] = [
  sample({ key: 'name', type: 'text', label: { en: 'Name' } }, words),
  sample({ key: 'code', type: 'text', pattern: '[A-Z]{2}[0-9]+ ?', max_length: 20 }, fc.stringMatching(/^[A-Z]{2}[0-9]{1,4} ?$/)),
  sample(
    { key: 'notes', type: 'long_text' },
    fc.oneof(
      words,
      fc.array(words).map(lines => lines.join('\r\n')),
    ),
  ),
  sample({ key: 'mail', type: 'email' }, fc.oneof(fc.emailAddress(), fc.constantFrom('Anna.Smith@Example.COM', ' x@y.de '))),
  sample({ key: 'phone', type: 'phone' }, fc.stringMatching(/^\+?[0-9 ()./-]{2,20}$/)),
  sample({ key: 'home_phone', type: 'phone', default_country: 'DE' }, fc.stringMatching(/^\+?[0-9 -]{2,20}$/)),
  sample({ key: 'site', type: 'url' }, fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ['http', 'https'] })),
  sample({ key: 'count', type: 'integer' }, fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -20, max: 20 }))),
  sample({ key: 'factor', type: 'decimal' }, decimals(6)),
  sample({ key: 'pieces', type: 'decimal', scale: 0 }, decimals(0)),
  sample({ key: 'share', type: 'percent' }, decimals(2)),
  sample({ key: 'amount', type: 'money' }, decimals(2, 'kept')),
  sample({ key: 'price', type: 'money', scale: 4, minimum: '-100' }, decimals(4)),
  sample({ key: 'active', type: 'boolean' }, fc.boolean()),
  sample({ key: 'day', type: 'date' }, days),
  sample({ key: 'due', type: 'date', minimum: '$today' }, days),
  sample({ key: 'moment', type: 'datetime' }, instants),
  sample({ key: 'stage', type: 'choice', options }, fc.constantFrom(...options.map(option => option.value))),
  sample({ key: 'stages', type: 'multi_choice', options }, fc.uniqueArray(fc.constantFrom(...options.map(option => option.value)))),
  sample({ key: 'labels', type: 'tags' }, fc.array(words, { maxLength: 6 })),
  sample(
    { key: 'customer', type: 'reference', target: 'customer' },
    fc.uuid().map(id => (id < '8' ? id : id.toUpperCase())),
  ),
  sample({ key: 'owner', type: 'user' }, fc.uuid()),
  sample({ key: 'above', type: 'parent' }, fc.uuid()),
  sample({ key: 'contacts', type: 'multi_reference', target: 'contact' }, fc.uniqueArray(fc.uuid())),
  sample({ key: 'lines', type: 'table', target: 'deal_line', target_field: 'deal' }, fc.uniqueArray(fc.uuid())),
  sample({ key: 'number', type: 'autonumber', template: 'D-{yyyy}-{seq:5}' }, fc.stringMatching(/^D-[0-9]{4}-[0-9]{5}$/)),
  sample({ key: 'place', type: 'address' }, parts(['line1', 'line2', 'postal_code', 'city', 'region'])),
  sample(
    { key: 'short_place', type: 'address', parts: ['city', 'country'] },
    fc.record({ city: words, country: fc.constantFrom('DE', 'UA', 'XX') }),
  ),
  sample({ key: 'person', type: 'person_name' }, parts(['prefix', 'given', 'middle', 'family', 'suffix'])),
  sample({ key: 'extra', type: 'json' }, fc.jsonValue({ maxDepth: 4 })),
]
