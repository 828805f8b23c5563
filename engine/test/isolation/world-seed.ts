/**
 * The two tenants every proof of isolation runs on: small, fixed, the same shape twice, with something hidden from everybody but the
 * administrator. Words are the tenant's own, so that a foreign word in an answer is a leak. Knows no engine.
 */
import { type DemoData, type Ref, refTo, type SeedBatch, type SeedUser } from '../../../seeds/sales/demo/records.ts'

/** A word that stands in every text of a tenant and nowhere in the other's. */
export interface WorldTenant {
  readonly key: string
  readonly word: string
  readonly people: readonly (readonly [ref: string, role: string, unit: string | null])[]
}

/** People by name; the second of a kind is a colleague whose rows the first must not see. */
export const NORTH: WorldTenant = {
  key: 'north',
  word: 'Boreal',
  people: [
    ['admin', 'admin', 'company'],
    ['manager', 'manager', 'harbour'],
    ['rep', 'rep', 'harbour'],
    ['rep_two', 'rep', 'harbour'],
    ['rep_hill', 'rep', 'hill'],
    ['clerk', 'clerk', 'harbour'],
    ['auditor', 'auditor', 'company'],
    ['analyst', 'analyst', 'company'],
    ['client', 'client', null],
    ['client_two', 'client', null],
    ['supplier', 'supplier', null],
    ['professional', 'professional', null],
    ['warden', 'warden', 'harbour'],
    ['union', 'union', 'harbour'],
  ],
}

export const SOUTH: WorldTenant = {
  key: 'south',
  word: 'Austral',
  people: [
    ['admin', 'admin', 'company'],
    ['rep', 'rep', 'harbour'],
    ['rep_two', 'rep', 'harbour'],
    ['rep_hill', 'rep', 'hill'],
    ['client', 'client', null],
    ['client_two', 'client', null],
    ['supplier', 'supplier', null],
    ['professional', 'professional', null],
    ['manager', 'manager', 'harbour'],
    ['clerk', 'clerk', 'harbour'],
    ['union', 'union', 'harbour'],
  ],
}

type Row = readonly [ref: string, values: Readonly<Record<string, unknown>>]

const ACTORS: Readonly<Record<string, SeedUser['actor']>> = { client: 'client', supplier: 'supplier', professional: 'professional' }

/** Everything of one tenant, in the order in which it can be made. */
export function worldData({ key, word, people }: WorldTenant): DemoData {
  const slug = word.toLowerCase()
  const own = (person: string, unit = 'harbour'): { owner_id: Ref; org_unit_id: Ref } => ({
    owner_id: refTo(`user/${person}`),
    org_unit_id: refTo(`org_unit/${unit}`),
  })
  const batch = (entity: string, rows: readonly Row[]): SeedBatch => ({
    entity,
    records: rows.map(([ref, values]) => ({ ref: `${entity}/${ref}`, values })),
  })
  const users = people.map(
    ([ref, role, unit]): SeedUser => ({
      ref: `user/${ref}`,
      email: `${ref.replace('_', '.')}@${key}.test`,
      name: `${word} ${ref}`,
      actor: ACTORS[role] ?? 'employee',
      roles: [role],
      locale: 'en',
      time_zone: 'Europe/Berlin',
      org_unit_id: unit === null ? null : refTo(`org_unit/${unit}`),
      signs_in: true,
      values: { job_title: `${word} ${role}`, phone: '+49 30 123456' },
    }),
  )
  const line = (product: string, item: string, quantity: string): Record<string, unknown> => ({
    product: refTo(`product/${product}`),
    price_list_item: refTo(`price_list_item/${item}`),
    quantity,
  })
  return {
    tenant: { key, name: `${word} Trading`, locale: 'en', currency: 'EUR', time_zone: 'Europe/Berlin' },
    units: [
      batch('org_unit', [['company', { name: `${word} Trading`, kind: 'company' }]]),
      batch('org_unit', [
        ['harbour', { name: `${word} harbour`, kind: 'branch', code: 'HRB', parent: refTo('org_unit/company') }],
        ['hill', { name: `${word} hill`, kind: 'branch', code: 'HLL', parent: refTo('org_unit/company') }],
      ]),
      batch('org_unit', [['quay', { name: `${word} quay`, kind: 'store', code: 'QAY', parent: refTo('org_unit/harbour') }]]),
    ],
    users,
    batches: [
      batch('exchange_rate', [['usd', { currency: 'USD', valid_from: '2024-01-01', rate: '0.9' }]]),
      batch('unit', [
        ['pcs', { name: `${word} piece`, symbol: 'pcs', dimension: 'count', decimals: 0 }],
        ['kg', { name: `${word} kilogram`, symbol: 'kg', dimension: 'mass', decimals: 3 }],
      ]),
      batch('product_category', [['all', { name: `${word} goods`, code: 'ALL' }]]),
      batch('product_category', [['sub', { name: `${word} subgoods`, code: 'SUB', parent: refTo('product_category/all') }]]),
      batch('price_list', [
        ['open', { name: `${word} open`, currency: 'EUR', valid_from: '2024-01-01', is_default: true, ...own('admin', 'company') }],
        ['closed', { name: `${word} closed list`, currency: 'EUR', valid_from: '2024-01-01', active: false, ...own('admin', 'company') }],
      ]),
      batch('customer', [
        [
          'first',
          customer(word, slug, 1, ['client'], {
            ...own('rep'),
            portal_users: [refTo('user/client')],
            price_list: refTo('price_list/open'),
          }),
        ],
        ['second', customer(word, slug, 2, ['client'], { ...own('rep_two'), portal_users: [refTo('user/client_two')] })],
      ]),
      batch('customer', [
        ['hill', customer(word, slug, 3, ['client'], { ...own('rep_hill', 'hill'), subsidiary_of: refTo('customer/first') })],
        ['quay', customer(word, slug, 4, ['client'], own('rep_two', 'quay'))],
        ['mill', customer(word, slug, 5, ['supplier'], { ...own('rep_hill', 'hill'), portal_users: [refTo('user/supplier')] })],
        ['forge', customer(word, slug, 6, ['supplier'], own('rep_hill', 'hill'))],
      ]),
      batch('product', [
        ['lamp', product(word, 'LMP', 'good', '20.00', '11.00', 'mill')],
        ['desk', product(word, 'DSK', 'good', '220.00', '140.00', 'forge')],
        ['care', product(word, 'CAR', 'service', '90.00', '33.00', null)],
        ['wire', product(word, 'WIR', 'input', '3.00', '1.50', 'mill')],
      ]),
      batch('price_list_item', [
        ['lamp', { price_list: refTo('price_list/open'), product: refTo('product/lamp'), price: '19.00' }],
        ['desk', { price_list: refTo('price_list/open'), product: refTo('product/desk'), price: '210.00' }],
        ['care', { price_list: refTo('price_list/open'), product: refTo('product/care'), price: '85.00' }],
        ['closed', { price_list: refTo('price_list/closed'), product: refTo('product/lamp'), price: '17.00' }],
      ]),
      batch('warehouse', [
        [
          'dock',
          {
            name: `${word} dock`,
            code: 'DCK',
            org_unit: refTo('org_unit/harbour'),
            keeper: refTo('user/clerk'),
            org_unit_id: refTo('org_unit/harbour'),
          },
        ],
        [
          'cellar',
          { name: `${word} cellar`, code: 'CLR', org_unit: refTo('org_unit/hill'), active: false, org_unit_id: refTo('org_unit/hill') },
        ],
      ]),
      batch('stock_balance', [
        [
          'lamp',
          {
            product: refTo('product/lamp'),
            warehouse: refTo('warehouse/dock'),
            quantity: '40',
            reserved: '4',
            reorder_level: '5',
            bin: `${word} 1`,
          },
        ],
        [
          'wire',
          {
            product: refTo('product/wire'),
            warehouse: refTo('warehouse/cellar'),
            quantity: '7',
            reserved: '0',
            reorder_level: '10',
            bin: `${word} 2`,
          },
        ],
        ['desk', { product: refTo('product/desk'), warehouse: refTo('warehouse/dock'), quantity: '3', reserved: '1', bin: `${word} 3` }],
      ]),
      batch('pipeline', [
        [
          'trade',
          { name: `${word} trade`, code: 'trade', sales_process: 'new_business', monthly_target: '9000.00', ...own('admin', 'company') },
        ],
        [
          'old',
          {
            name: `${word} old`,
            code: 'old',
            sales_process: 'renewal',
            active: false,
            monthly_target: '500.00',
            ...own('admin', 'company'),
          },
        ],
      ]),
      batch('agent', [
        [
          'rep',
          {
            name: `${word} agent one`,
            user: refTo('user/rep'),
            commission: '5',
            annual_quota: '100000.00',
            org_unit_id: refTo('org_unit/harbour'),
          },
        ],
        [
          'two',
          {
            name: `${word} agent two`,
            user: refTo('user/rep_two'),
            commission: '7',
            annual_quota: '80000.00',
            org_unit_id: refTo('org_unit/harbour'),
          },
        ],
      ]),
      batch('contact', [
        ['first', contact(word, slug, 1, 'first', own('rep'))],
        ['second', contact(word, slug, 2, 'second', own('rep_two'))],
        ['hill', contact(word, slug, 3, 'hill', own('rep_hill', 'hill'))],
      ]),
      batch('contact', [['both', { ...contact(word, slug, 4, 'quay', own('rep')), reports_to: refTo('contact/second') }]]),
      batch('lead', [
        ['mine', lead(word, slug, 1, own('rep'))],
        ['theirs', lead(word, slug, 2, own('rep_two'))],
      ]),
      batch('deal', [
        [
          'mine',
          {
            ...deal(word, 1, 'first', 'qualified', '1000.00', own('rep')),
            team: [refTo('user/rep'), refTo('user/rep_two')],
            line_items: [line('lamp', 'lamp', '3'), line('desk', 'desk', '1')],
          },
        ],
        [
          'mine_won',
          { ...deal(word, 2, 'second', 'won', '2500.00', own('rep')), closed_on: '2024-05-20', line_items: [line('care', 'care', '2')] },
        ],
        ['mine_open', deal(word, 3, 'first', 'proposal', '400.00', own('rep'))],
        ['theirs', { ...deal(word, 4, 'second', 'negotiation', '7000.00', own('rep_two')), line_items: [line('desk', 'desk', '20')] }],
        ['theirs_won', { ...deal(word, 5, 'first', 'won', '5000.00', own('rep_two')), closed_on: '2024-05-21' }],
        ['hill', deal(word, 6, 'hill', 'proposal', '8000.00', own('rep_hill', 'hill'))],
        ['quay', deal(word, 7, 'quay', 'lead', '90.00', own('rep_two', 'quay'))],
      ]),
      batch('task', [
        ['mine', task(word, 1, 'rep', 'first', own('rep'))],
        ['theirs', task(word, 2, 'rep_two', 'second', own('rep_two'))],
        ['trade', task(word, 3, 'professional', 'quay', own('rep_two'))],
        ['clerk', task(word, 4, 'clerk', 'mill', own('clerk'))],
      ]),
      batch('call', [
        ['mine', { subject: `${word} call one`, started_at: '2024-05-01T09:00:00.000Z', customer: refTo('customer/first'), ...own('rep') }],
        [
          'theirs',
          {
            subject: `${word} call two`,
            started_at: '2024-05-02T09:00:00.000Z',
            customer: refTo('customer/first'),
            deal: refTo('deal/theirs'),
            ...own('rep_two'),
          },
        ],
      ]),
      batch('note', [
        ['mine', { subject: `${word} note one`, body: `${word} words`, customer: refTo('customer/first'), ...own('rep') }],
        ['theirs', { subject: `${word} note two`, body: `${word} whispers`, deal: refTo('deal/theirs'), ...own('rep_two') }],
        ['hill', { subject: `${word} note three`, body: `${word} murmurs`, customer: refTo('customer/hill'), ...own('rep_hill', 'hill') }],
      ]),
      batch('dossier', [
        ['mine', dossier(word, slug, 1, 'a', '1200.00', own('union'))],
        ['theirs', dossier(word, slug, 2, 'b', '2400.00', own('rep_two'))],
        ['poor', { ...dossier(word, slug, 3, 'c', '300.00', own('admin', 'company')), remark: null }],
        ['rich', { ...dossier(word, slug, 4, 'a', '9500.00', own('admin', 'company')), remark: null, clearance: 'high' }],
        ['bare', { heading: `${word} dossier 5`, ...own('union') }],
      ]),
    ],
  }
}

function customer(word: string, slug: string, n: number, party: readonly string[], rest: object): Record<string, unknown> {
  return {
    name: `${word} customer ${n}`,
    legal_name: `${word} customer ${n} GmbH`,
    party,
    status: 'active',
    industry: n % 2 === 0 ? 'retail' : 'software',
    email: `office${n}@${slug}.example`,
    phone: `+49 30 55500${n}`,
    tax_id: `DE${slug}${n}`,
    bank_name: `${word} bank`,
    bank_account: `DE89 ${slug} 000${n}`,
    currency: 'EUR',
    credit_limit: `${n}000.00`,
    discount: `${n}`,
    annual_revenue: `${n}00000.00`,
    employees: n * 10,
    external_id: `${slug}-${n}`,
    customer_since: `2020-0${n}-01`,
    tags: [`${slug}-tag`, n % 2 === 0 ? 'even' : 'odd'],
    description: `${word} description ${n}`,
    billing_address: { line1: `${word} street ${n}`, city: 'Berlin', country: 'DE' },
    ...rest,
  }
}

function product(word: string, sku: string, kind: string, price: string, cost: string, supplier: string | null): Record<string, unknown> {
  return {
    sku: `${sku}-${word}`,
    name: `${word} ${sku.toLowerCase()}`,
    kind,
    price,
    cost,
    category: refTo('product_category/sub'),
    unit: refTo('unit/pcs'),
    ...(kind === 'service' ? {} : { stocked: true }),
    ...(supplier === null ? {} : { supplier: refTo(`customer/${supplier}`) }),
    tags: [kind],
    description: `${word} ${sku} in words`,
  }
}

function contact(word: string, slug: string, n: number, of: string, rest: object): Record<string, unknown> {
  return {
    name: `${word} contact ${n}`,
    job_title: `${word} buyer`,
    email: `contact${n}@${slug}.example`,
    phone: `+49 30 44400${n}`,
    birthday: `198${n}-04-0${n}`,
    customers: [{ id: refTo(`customer/${of}`), role: 'purchasing', is_primary: true }],
    tags: [slug],
    ...rest,
  }
}

function lead(word: string, slug: string, n: number, rest: object): Record<string, unknown> {
  return {
    name: `${word} lead ${n}`,
    company: `${word} prospect ${n}`,
    contact_name: `${word} caller ${n}`,
    email: `lead${n}@${slug}.example`,
    estimated_amount: `${n}50.00`,
    currency: 'EUR',
    product: refTo('product/lamp'),
    ...rest,
  }
}

function deal(word: string, n: number, of: string, stage: string, amount: string, rest: object): Record<string, unknown> {
  return {
    name: `${word} deal ${n}`,
    sales_process: 'new_business',
    pipeline: refTo('pipeline/trade'),
    stage,
    customer: refTo(`customer/${of}`),
    amount,
    currency: 'EUR',
    probability: `${n * 10}`,
    expected_close_on: `2024-07-0${n}`,
    engaged_on: '2024-03-01',
    external_id: `${word}-deal-${n}`,
    next_step: `${word} step ${n}`,
    description: `${word} story ${n}`,
    tags: [`t${n}`],
    ...rest,
  }
}

function task(word: string, n: number, assignee: string, of: string, rest: object): Record<string, unknown> {
  return {
    subject: `${word} task ${n}`,
    due_on: `2024-06-1${n}`,
    assignee: refTo(`user/${assignee}`),
    customer: refTo(`customer/${of}`),
    estimated_minutes: n * 15,
    description: `${word} to do ${n}`,
    ...rest,
  }
}

function dossier(word: string, slug: string, n: number, grade: string, salary: string, rest: object): Record<string, unknown> {
  return {
    heading: `${word} dossier ${n}`,
    subject: refTo(n % 2 === 0 ? 'customer/second' : 'customer/first'),
    grade,
    salary,
    codeword: `${slug}-codeword-${n}`,
    iban: `DE44${slug}${n}${n}${n}${n}`,
    remark: `${word} remark ${n}`,
    witnesses: [refTo('user/rep'), refTo('user/manager')],
    labels: [`${slug}-label-${n}`],
    ...rest,
  }
}
