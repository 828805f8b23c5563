/**
 * The demo company itself: its units, its people, its sales agents, pipelines and exchange rates.
 * The nine people who can sign in stand first; the others fill the branches.
 */
import { addDays, monthsBetween } from './days.ts'
import type { Branch } from './places.ts'
import { type Random, randomOf } from './random.ts'
import { known, refTo, type SeedBatch, type SeedRecord, type SeedTenant, type SeedUser } from './records.ts'

export const DEMO_TENANT: SeedTenant = { key: 'demo', name: 'Lindwerk Group', locale: 'en', currency: 'EUR', time_zone: 'Europe/Berlin' }

const unit = (ref: string, values: Readonly<Record<string, unknown>>): SeedRecord => ({ ref: `org_unit/${ref}`, values })

/** Six units in two levels below the company. */
export function demoUnits(): SeedBatch[] {
  const under = (ref: string): unknown => refTo(`org_unit/${ref}`)
  return [
    {
      entity: 'org_unit',
      records: [
        unit('company', {
          name: 'Lindwerk Group',
          kind: 'company',
          code: 'LWG',
          email: 'office@lindwerk.example',
          phone: '+49305550100',
          address: { line1: 'Hafenstraße 12', postal_code: '10115', city: 'Berlin', country: 'DE' },
        }),
      ],
    },
    {
      entity: 'org_unit',
      records: [
        unit('berlin', {
          name: 'Berlin branch',
          kind: 'branch',
          parent: under('company'),
          code: 'BER',
          phone: '+49305550110',
          address: { line1: 'Hafenstraße 12', postal_code: '10115', city: 'Berlin', country: 'DE' },
        }),
        unit('madrid', {
          name: 'Sucursal de Madrid',
          kind: 'branch',
          parent: under('company'),
          code: 'MAD',
          phone: '+34915550110',
          address: { line1: 'Calle de la Industria 45', postal_code: '28013', city: 'Madrid', country: 'ES' },
        }),
        unit('kyiv', {
          name: 'Філія Київ',
          kind: 'branch',
          parent: under('company'),
          code: 'KYV',
          phone: '+380445550110',
          address: { line1: 'вул. Промислова 7', postal_code: '01001', city: 'Київ', country: 'UA' },
        }),
      ],
    },
    {
      entity: 'org_unit',
      records: [
        unit('showroom', {
          name: 'Berlin showroom',
          kind: 'store',
          parent: under('berlin'),
          code: 'BER-SR',
          phone: '+49305550140',
          address: { line1: 'Lindenallee 3', postal_code: '10115', city: 'Berlin', country: 'DE' },
        }),
        unit('leipzig', {
          name: 'Central warehouse Leipzig',
          kind: 'warehouse',
          parent: under('berlin'),
          code: 'LEJ',
          phone: '+493415550100',
          address: { line1: 'Am Speicher 1', postal_code: '04109', city: 'Leipzig', country: 'DE' },
        }),
      ],
    },
  ]
}

type Person = readonly [
  ref: string,
  email: string,
  name: string,
  roles: readonly string[],
  title: string,
  unit: string | null,
  manager: string | null,
  territory?: string,
  locale?: SeedUser['locale'],
]

const SIGN_IN: readonly Person[] = [
  ['admin', 'admin@demo.test', 'Anna Weiss', ['admin'], 'Head of operations', 'company', null],
  ['manager', 'manager@demo.test', 'Markus Brandt', ['manager'], 'Branch manager', 'berlin', 'admin', 'Northern Europe'],
  ['rep', 'rep@demo.test', 'Julia Hoffmann', ['rep'], 'Account executive', 'berlin', 'manager', 'Germany North'],
  ['clerk', 'clerk@demo.test', 'Tomasz Nowak', ['clerk'], 'Stock and pricing clerk', 'leipzig', 'manager'],
  ['auditor', 'auditor@demo.test', 'Ingrid Solberg', ['auditor'], 'Internal auditor', 'company', null],
  ['analyst', 'analyst@demo.test', 'Daniel Okafor', ['analyst'], 'Sales analyst', 'company', 'admin'],
  ['client', 'client@demo.test', 'Laura Schneider', ['client'], 'Head of purchasing', null, null],
  ['supplier', 'supplier@demo.test', 'Pavel Dvořák', ['supplier'], 'Key account manager', null, null],
  ['professional', 'professional@demo.test', 'Milan Horvat', ['professional'], 'Installation engineer', null, null],
]

const COLLEAGUES: readonly Person[] = [
  ['krueger', 'felix.krueger@demo.test', 'Felix Krüger', ['rep'], 'Account executive', 'berlin', 'manager', 'Germany South'],
  ['vogel', 'jonas.vogel@demo.test', 'Jonas Vogel', ['rep'], 'Account executive', 'berlin', 'manager', 'Poland, UK and US'],
  ['lindqvist', 'sofia.lindqvist@demo.test', 'Sofia Lindqvist', ['rep'], 'Showroom adviser', 'showroom', 'manager', 'Berlin'],
  ['ortega', 'carmen.ortega@demo.test', 'Carmen Ortega', ['manager'], 'Directora de sucursal', 'madrid', 'admin', 'Iberia', 'es'],
  ['navarro', 'diego.navarro@demo.test', 'Diego Navarro', ['rep'], 'Ejecutivo de cuentas', 'madrid', 'ortega', 'España', 'es'],
  [
    'fernandez',
    'lucia.fernandez@demo.test',
    'Lucía Fernández',
    ['rep'],
    'Ejecutiva de cuentas',
    'madrid',
    'ortega',
    'Francia y México',
    'es',
  ],
  ['koval', 'olena.koval@demo.test', 'Олена Коваль', ['manager'], 'Керівниця філії', 'kyiv', 'admin', 'Україна', 'uk'],
  ['shevchenko', 'andrii.shevchenko@demo.test', 'Андрій Шевченко', ['rep'], 'Менеджер з продажу', 'kyiv', 'koval', 'Захід і центр', 'uk'],
  ['melnyk', 'daryna.melnyk@demo.test', 'Дарина Мельник', ['rep'], 'Менеджерка з продажу', 'kyiv', 'koval', 'Південь і Казахстан', 'uk'],
]

const ZONES: Readonly<Record<string, string>> = { madrid: 'Europe/Madrid', kyiv: 'Europe/Kyiv' }
const ACTORS: Readonly<Record<string, SeedUser['actor']>> = { client: 'client', supplier: 'supplier', professional: 'professional' }

/** Everyone of the demo tenant; managers stand before those they lead. */
export function demoUsers(anchor: string): SeedUser[] {
  const random = randomOf(1, 'users')
  const toUser = ([ref, email, name, roles, title, unitOf, manager, territory, locale]: Person, signsIn: boolean): SeedUser => {
    const actor = ACTORS[ref] ?? 'employee'
    return {
      ref: `user/${ref}`,
      email,
      name,
      actor,
      roles,
      locale: locale ?? 'en',
      time_zone: ZONES[unitOf ?? ''] ?? 'Europe/Berlin',
      signs_in: signsIn,
      org_unit_id: unitOf === null ? null : refTo(`org_unit/${unitOf}`),
      values: known({
        job_title: title,
        territory,
        manager: manager === null ? null : refTo(`user/${manager}`),
        phone: `+4930555${random.between(2000, 2999)}`,
        employed_since: actor === 'employee' ? addDays(anchor, -random.between(400, 3200)) : null,
      }),
    }
  }
  return [...SIGN_IN.map(person => toUser(person, true)), ...COLLEAGUES.map(person => toUser(person, false))]
}

/** Who sells in a branch, and how large a part of its deals each has. */
export const SELLERS: Readonly<Record<Branch, readonly (readonly [user: string, share: number, unit: string])[]>> = {
  berlin: [
    ['rep', 34, 'berlin'],
    ['krueger', 30, 'berlin'],
    ['vogel', 22, 'berlin'],
    ['lindqvist', 9, 'showroom'],
    ['manager', 5, 'berlin'],
  ],
  madrid: [
    ['navarro', 52, 'madrid'],
    ['fernandez', 40, 'madrid'],
    ['ortega', 8, 'madrid'],
  ],
  kyiv: [
    ['shevchenko', 50, 'kyiv'],
    ['melnyk', 42, 'kyiv'],
    ['koval', 8, 'kyiv'],
  ],
}

/** Agents in the field: the branches' own people and four trading on their own. */
export function demoAgents(random: Random, anchor: string): SeedRecord[] {
  const own = Object.entries(SELLERS).flatMap(([branch, sellers]) => sellers.map(([user]) => ({ user, branch })))
  const names = new Map([...SIGN_IN, ...COLLEAGUES].map(person => [person[0], person]))
  const staff = own.map(({ user, branch }): SeedRecord => {
    const [, email, name, , , , , territory] = names.get(user) ?? SIGN_IN[0] ?? ['', '', '', [], '', null, null]
    return {
      ref: `agent/${user}`,
      values: known({
        name,
        email,
        territory,
        user: refTo(`user/${user}`),
        status: 'active',
        regional_office: { berlin: 'Berlin', madrid: 'Madrid', kyiv: 'Kyiv' }[branch],
        team_lead: { berlin: 'Markus Brandt', madrid: 'Carmen Ortega', kyiv: 'Олена Коваль' }[branch],
        commission: `${random.between(2, 5)}.${random.pick(['0', '5'])}`,
        annual_quota: `${random.between(35, 90) * 10000}`,
        hired_on: addDays(anchor, -random.between(300, 2500)),
        org_unit_id: refTo(`org_unit/${branch}`),
      }),
    }
  })
  const free = (
    [
      ['Handelsvertretung Petersen', 'Schleswig-Holstein', 'berlin'],
      ['Agencja Zieliński', 'Poland South', 'berlin'],
      ['Representaciones Quiroga', 'Galicia', 'madrid'],
      ['ФОП Гнатюк', 'Закарпаття', 'kyiv'],
    ] as const
  ).map(
    ([name, territory, branch], index): SeedRecord => ({
      ref: `agent/free${index}`,
      values: {
        name,
        territory,
        status: index === 1 ? 'on_leave' : 'active',
        regional_office: { berlin: 'Berlin', madrid: 'Madrid', kyiv: 'Kyiv' }[branch],
        commission: `${random.between(6, 9)}`,
        annual_quota: `${random.between(10, 25) * 10000}`,
        hired_on: addDays(anchor, -random.between(300, 1500)),
        phone: `+4930555${random.between(3000, 3999)}`,
        org_unit_id: refTo(`org_unit/${branch}`),
      },
    }),
  )
  return [...staff, ...free]
}

/** One funnel of new business for each branch, one for the field, one for renewals. */
export function demoPipelines(): SeedRecord[] {
  const pipeline = (
    ref: string,
    name: string,
    process: string,
    owner: string,
    unitOf: string,
    target: string,
    days: number,
  ): SeedRecord => ({
    ref: `pipeline/${ref}`,
    values: {
      name,
      code: ref,
      sales_process: process,
      active: true,
      currency: 'EUR',
      monthly_target: target,
      usual_days: days,
      owner_id: refTo(`user/${owner}`),
      org_unit_id: refTo(`org_unit/${unitOf}`),
    },
  })
  return [
    pipeline('new_north', 'New business · North', 'new_business', 'manager', 'berlin', '320000', 55),
    pipeline('new_iberia', 'New business · Iberia and France', 'new_business', 'ortega', 'madrid', '180000', 60),
    pipeline('new_east', 'New business · East', 'new_business', 'koval', 'kyiv', '140000', 65),
    pipeline('field', 'Field sales', 'field_sales', 'manager', 'company', '60000', 25),
    pipeline('renewals', 'Maintenance renewals', 'renewal', 'admin', 'company', '75000', 35),
  ]
}

const RATES: readonly (readonly [currency: string, rate: number])[] = [
  ['USD', 0.918],
  ['UAH', 0.0214],
  ['GBP', 1.168],
  ['PLN', 0.233],
  ['CHF', 1.047],
  ['KZT', 0.00188],
]

/** Rates into euro at the first of each month, from the month before the first deal to the last. */
export function demoRates(random: Random, from: string, to: string): SeedRecord[] {
  return RATES.flatMap(([currency, first]) => {
    let rate = first
    return monthsBetween(addDays(from, -31), to).map((month): SeedRecord => {
      rate *= 1 + (random.next() - 0.5) * 0.03
      return {
        ref: `exchange_rate/${currency}/${month}`,
        values: { currency, valid_from: month, rate: rate.toFixed(6), origin: 'European Central Bank' },
      }
    })
  })
}
