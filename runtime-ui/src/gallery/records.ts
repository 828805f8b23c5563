/** Records that look real, for the gallery only. */
import type { RecordData } from '../api/model.ts'

const people = [
  ['u1', 'Julia Hoffmann'],
  ['u2', 'Андрій Шевченко'],
  ['u3', 'Lucía Fernández'],
] as const
const customers = [
  ['c1', 'Wesermarsch Großhandel'],
  ['c2', 'Каспий Снаб'],
  ['c3', 'Logística Torremolino'],
  ['c4', 'Pennine Engineering'],
] as const

const rows: readonly (readonly [
  name: string,
  customer: number,
  stage: string,
  amount: string,
  currency: string,
  probability: string | null,
  closes: number,
  priority: boolean,
])[] = [
  ['Service contract, next year', 0, 'won', '17953.65', 'EUR', null, 3, true],
  ['Расширение склада, этап 1', 1, 'negotiation', '30681.54', 'USD', '75', 5, true],
  ['Ampliación del almacén', 2, 'proposal', '4494.00', 'EUR', '50', 8, false],
  ['Ladders for the warehouse, phase 1', 3, 'qualified', '4500.00', 'EUR', '25', 8, false],
  ['Floor marking, phase 2', 0, 'lost', '8102.50', 'EUR', null, 12, false],
  ['Годовой договор на упаковку', 1, 'lead', '409815.00', 'UAH', '10', 12, false],
  ['Renovación de mantenimiento', 2, 'won', '6565.80', 'USD', null, 12, false],
  ['Ergonomic workplaces', 3, 'lead', '10902.00', 'EUR', '10', 12, false],
  ['Label printing, phase 1', 0, 'proposal', '7847.00', 'EUR', '50', 17, true],
  ['Scanner roll-out, spring', 3, 'qualified', '28203.10', 'EUR', '30', 19, false],
  ['Переоснащение мастерской', 1, 'lead', '805629.50', 'UAH', '10', 24, false],
  ['Yearly packaging contract, autumn', 0, 'negotiation', '10246.00', 'EUR', '80', 26, false],
]

/** The month the gallery lives in. */
export const GALLERY_MONTH = '2025-03'

function reference(list: readonly (readonly [string, string])[], place: number): { id: string; name: string } {
  const [id, name] = list[place % list.length] ?? ['x', '']
  return { id, name }
}

/** Deals as a list selects them: references with their titles. */
export const galleryDeals: readonly RecordData[] = rows.map(
  ([name, customer, stage, amount, currency, probability, day, priority], place) => ({
    id: `d${place}`,
    version: 1,
    name,
    customer: reference(customers, customer),
    stage,
    amount,
    currency,
    probability,
    priority,
    expected_close_on: `${GALLERY_MONTH}-${String(day).padStart(2, '0')}`,
    owner_id: reference(people, place),
  }),
)

/** One deal as reading it answers: references as ids. */
export const galleryDeal: RecordData = {
  id: 'd1',
  version: 4,
  name: 'Расширение склада, этап 1',
  customer: 'c2',
  stage: 'negotiation',
  source: 'referral',
  amount: '30681.54',
  currency: 'USD',
  probability: '75',
  priority: true,
  tags: ['racking', 'fire protection', 'Q1'],
  tax_number: '••••••4821',
  expected_close_on: '2025-03-05',
  next_call: '2025-03-03T09:30:00.000Z',
  signed_by: { given: 'Руслан', family: 'Сулейменов' },
  delivery: { line1: 'Сейфуллина 498', postal_code: '050012', city: 'Алматы', country: 'KZ' },
  team: ['u1', 'u2'],
  description:
    'Two halls, racking up to 9 m, sprinklers at every second level.\nThe customer wants the second hall to stay in use while the first is being fitted.',
  owner_id: 'u1',
  created_at: '2025-01-09T08:15:00.000Z',
  created_by: 'u1',
  line_items: [
    { id: 'l1', version: 1, name: 'Pallet rack, 9 m, three fields', quantity: '12', unit_price: '1849.00', total: '22188.00' },
    { id: 'l2', version: 1, name: 'Assembly', quantity: '86.5', unit_price: '68.00', total: '5882.00' },
    { id: 'l3', version: 2, name: 'Inspection after a year', quantity: '1', unit_price: '2611.54', total: '2611.54' },
  ],
}

/** The same with words and numbers that stretch every box. */
export const longDeal: RecordData = {
  ...galleryDeal,
  id: 'd99',
  name: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, Rahmenvertrag über Instandhaltung',
  amount: '12345678901234567.89',
  tags: ['Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung', 'kurz', 'превысокомногорассмотрительствующий'],
  description: `${'https://example.com/a/very/long/path/without/any/space/'.repeat(6)}\n\n${'More words than a line can hold. '.repeat(30)}`,
}

/** Titles by entity and id. */
export const galleryTitles: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  customer: new Map(customers),
  user: new Map(people),
}
