/**
 * The demo company's customers and the people there.
 * Who owns whom follows from the country; no two share a name, an address or a mail address.
 */
import { addDays, DEMO_DAYS, momentOf } from './days.ts'
import { asciiOf, drawCompanies, drawPerson, type PersonDrawn } from './names.ts'
import { SELLERS } from './organisation.ts'
import { COUNTRIES, type Country } from './places.ts'
import { at, type Random } from './random.ts'
import { known, refTo, type SeedBatch, type SeedRecord, writtenBy } from './records.ts'
import { laterChange } from './written.ts'

/** A customer with what deals and activities need to know of it. */
export interface CustomerDrawn {
  readonly record: SeedRecord
  readonly ref: string
  readonly name: string
  readonly country: Country
  readonly status: 'prospect' | 'active' | 'dormant' | 'closed'
  readonly buys: boolean
  readonly supplies: boolean
  readonly wholesale: boolean
  readonly domain: string
  readonly owner: string
  readonly unit: string
}

/** A contact with the customers it belongs to. */
export interface ContactDrawn {
  readonly record: SeedRecord
  readonly ref: string
  readonly name: string
  readonly customer: CustomerDrawn
}

const SUPPLIER_SHARE = 0.1
const SUBSIDIARIES = 18

/** Three hundred customers; the first is the portal's client, the second its supplier. */
export function drawCustomers(random: Random, anchor: string): CustomerDrawn[] {
  const companies = COUNTRIES.flatMap(country =>
    drawCompanies(random, country.code, country.share).map(company => ({ ...company, country })),
  )
  const domains = new Set<string>()
  return companies.map((company, index) => {
    const { country } = company
    const [owner, , unit] = random.weighted(SELLERS[country.branch].map(seller => [seller, seller[1]] as const))
    const isClient = index === 0
    const isSupplier = index === 1
    const supplies = isSupplier || (!isClient && random.chance(SUPPLIER_SHARE))
    const buys = isClient || (!isSupplier && (!supplies || random.chance(0.35)))
    const status =
      isClient || supplies
        ? 'active'
        : random.weighted([
            ['active', 55],
            ['prospect', 26],
            ['dormant', 15],
            ['closed', 4],
          ] as const)
    const wholesale = buys && country.currency === 'EUR' && ['wholesale', 'retail'].includes(company.industry)
    const domain = uniqueDomain(domains, company.name)
    const drawn = {
      ref: `customer/${index}`,
      name: company.name,
      country,
      status,
      buys,
      supplies,
      wholesale,
      domain,
      owner: isClient ? 'rep' : owner,
      unit: isClient ? 'berlin' : unit,
    }
    return { ...drawn, record: { ref: drawn.ref, values: valuesOf(random, anchor, drawn, company.legalName, company.industry, index) } }
  })
}

function uniqueDomain(taken: Set<string>, name: string): string {
  const base = asciiOf(name)
  let domain = `${base}.example`
  for (let count = 2; taken.has(domain); count++) domain = `${base}-${count}.example`
  taken.add(domain)
  return domain
}

function valuesOf(
  random: Random,
  anchor: string,
  drawn: Omit<CustomerDrawn, 'record'>,
  legalName: string,
  industry: string,
  index: number,
): Record<string, unknown> {
  const { country, status, supplies, buys, domain } = drawn
  const [city, postalCode, region] = random.pick(country.cities)
  const place = known({ line1: streetOf(random, country), postal_code: postalCode, city, region, country: country.code })
  const employees = Math.round(random.around(85, 1.1)) + 3
  const since = status === 'prospect' ? null : addDays(anchor, -random.between(560, 3600))
  return known({
    name: drawn.name,
    legal_name: legalName,
    party: [...(buys ? ['client'] : []), ...(supplies ? ['supplier'] : [])],
    status,
    industry,
    customer_group: drawn.wholesale ? 'wholesale' : buys && employees > 250 ? 'key_account' : 'standard',
    email: `info@${domain}`,
    phone: phoneOf(random, country),
    website: `https://www.${domain}/`,
    billing_address: place,
    delivery_address: random.chance(0.3) ? { ...place, line1: streetOf(random, country) } : null,
    office_location: city === country.name ? city : `${city}, ${country.name}`,
    tax_id: `${country.tax[0]}${digits(random, country.tax[1])}`,
    registration_number: random.chance(0.6) ? digits(random, 8) : null,
    ...(supplies
      ? {
          bank_name: random.pick(['Commerzbank', 'Santander', 'BNP Paribas', 'Raiffeisen Bank', 'ING']),
          bank_account: `${country.code}${digits(random, 20)}`,
        }
      : {}),
    payment_terms: random.weighted([
      ['net_14', 45],
      ['net_30', 30],
      ['prepaid', 15],
      ['net_60', 10],
    ] as const),
    currency: country.currency,
    credit_limit: buys ? `${random.between(2, 60) * 1000 * (country.currency === 'UAH' ? 45 : 1)}` : null,
    discount: random.chance(0.25) ? `${random.between(2, 10)}` : null,
    price_list: buys ? refTo(`price_list/${priceListOf(drawn)}`) : null,
    year_established: random.between(1921, Number(anchor.slice(0, 4)) - 3),
    annual_revenue: (employees * (0.08 + random.next() * 0.25)).toFixed(2),
    employees,
    customer_since: since,
    source: random.weighted([
      ['referral', 26],
      ['website', 24],
      ['trade_fair', 20],
      ['cold_call', 12],
      ['partner', 10],
      ['tender', 8],
    ] as const),
    preferred_language: country.speaks,
    portal_users: index === 0 ? [refTo('user/client')] : index === 1 ? [refTo('user/supplier')] : null,
    tags: random.chance(0.2) ? [random.pick(['framework contract', 'references', 'seasonal', 'new site', 'chain'])] : null,
    owner_id: refTo(`user/${drawn.owner}`),
    org_unit_id: refTo(`org_unit/${drawn.unit}`),
    ...timesOf(drawn, anchor, momentOf(addDays(anchor, -DEMO_DAYS - random.between(1, 5)), random.between(480, 960))),
  })
}

function timesOf({ ref, owner }: Omit<CustomerDrawn, 'record'>, anchor: string, created: string): Record<string, unknown> {
  return writtenBy(`user/${owner}`, created, laterChange(ref, created, anchor, [400, 1], 0.85))
}

/** The price list a customer buys by. */
export function priceListOf(customer: Pick<CustomerDrawn, 'country' | 'wholesale'>): string {
  return customer.wholesale ? 'wholesale_eur' : `standard_${customer.country.currency.toLowerCase()}`
}

/** Independent customers first, then those that belong to one of them. */
export function customerBatches(random: Random, customers: readonly CustomerDrawn[]): SeedBatch[] {
  const parents = customers.slice(2).filter(each => each.status === 'active' && each.buys)
  const owned = new Map(
    random
      .shuffled(parents)
      .slice(0, SUBSIDIARIES)
      .map(child => [child.ref, child]),
  )
  const free = parents.filter(each => !owned.has(each.ref))
  const withParent = (customer: CustomerDrawn): SeedRecord => {
    const siblings = free.filter(each => each.country.code === customer.country.code)
    return siblings.length === 0
      ? customer.record
      : { ref: customer.ref, values: { ...customer.record.values, subsidiary_of: refTo(random.pick(siblings).ref) } }
  }
  return [
    { entity: 'customer', records: customers.filter(each => !owned.has(each.ref)).map(each => each.record) },
    { entity: 'customer', records: [...owned.values()].map(withParent) },
  ]
}

const TITLES: Readonly<Record<string, readonly (readonly [title: string, department: string, role: string])[]>> = {
  en: [
    ['Head of purchasing', 'Purchasing', 'purchasing'],
    ['Managing director', 'Management', 'decision_maker'],
    ['Warehouse manager', 'Logistics', 'user'],
    ['Operations manager', 'Operations', 'influencer'],
    ['Facility manager', 'Facilities', 'technical'],
    ['Accountant', 'Finance', 'accounting'],
  ],
  es: [
    ['Jefe de compras', 'Compras', 'purchasing'],
    ['Director general', 'Dirección', 'decision_maker'],
    ['Responsable de almacén', 'Logística', 'user'],
    ['Director de operaciones', 'Operaciones', 'influencer'],
    ['Contable', 'Finanzas', 'accounting'],
  ],
  uk: [
    ['Керівник відділу закупівель', 'Закупівлі', 'purchasing'],
    ['Генеральний директор', 'Керівництво', 'decision_maker'],
    ['Начальник складу', 'Логістика', 'user'],
    ['Операційний директор', 'Операції', 'influencer'],
    ['Головний бухгалтер', 'Бухгалтерія', 'accounting'],
  ],
  ru: [
    ['Начальник отдела закупок', 'Закупки', 'purchasing'],
    ['Генеральный директор', 'Руководство', 'decision_maker'],
    ['Начальник склада', 'Логистика', 'user'],
    ['Главный бухгалтер', 'Бухгалтерия', 'accounting'],
  ],
}

/** One to three people at each customer; some look after two. */
export function drawContacts(random: Random, anchor: string, customers: readonly CustomerDrawn[]): ContactDrawn[] {
  const mails = new Set<string>()
  return customers.flatMap((customer, place) =>
    Array.from(
      {
        length: random.weighted([
          [1, 58],
          [2, 32],
          [3, 10],
        ] as const),
      },
      (_, index) => {
        const person = drawPerson(random, customer.country.code)
        const second = random.chance(0.05)
          ? customers.slice(place + 1).find(other => other.country.code === customer.country.code)
          : undefined
        const ref = `contact/${place}-${index}`
        return {
          ref,
          name: person.name,
          customer,
          record: { ref, values: contactValues(random, anchor, person, customer, second, index, mails) },
        }
      },
    ),
  )
}

function contactValues(
  random: Random,
  anchor: string,
  person: PersonDrawn,
  customer: CustomerDrawn,
  second: CustomerDrawn | undefined,
  index: number,
  mails: Set<string>,
): Record<string, unknown> {
  const { country } = customer
  const titles = TITLES[country.language] ?? []
  const [title, department, role] = at(titles, index === 0 ? random.between(0, 1) : random.between(0, titles.length - 1))
  const local = asciiOf(person.name).replace('-', '.')
  let mail = `${local}@${customer.domain}`
  for (let count = 2; mails.has(mail); count++) mail = `${local}${count}@${customer.domain}`
  mails.add(mail)
  const silent = random.chance(0.03)
  const link = (to: CustomerDrawn, primary: boolean): Record<string, unknown> => ({
    id: refTo(to.ref),
    role,
    is_primary: primary,
    since: addDays(anchor, -random.between(30, 2000)),
  })
  return known({
    name: person.name,
    full_name: person.parts,
    job_title: title,
    department,
    email: mail,
    phone: random.chance(0.8) ? phoneOf(random, country) : null,
    mobile: random.chance(0.5) ? phoneOf(random, country) : null,
    customers: [link(customer, index === 0), ...(second === undefined ? [] : [link(second, false)])],
    status: random.weighted([
      ['active', 92],
      ['left', 6],
      ['unreachable', 2],
    ] as const),
    preferred_channel: random.weighted([
      ['email', 60],
      ['phone', 25],
      ['messenger', 10],
      ['visit', 5],
    ] as const),
    preferred_language: country.speaks,
    birthday: random.chance(0.35)
      ? `${random.between(1962, 1999)}-${String(random.between(1, 12)).padStart(2, '0')}-${String(random.between(1, 28)).padStart(2, '0')}`
      : null,
    ...(silent ? { do_not_contact: true, do_not_contact_reason: random.pick(['asked', 'privacy']) } : {}),
    source: random.chance(0.4) ? random.pick(['trade_fair', 'referral', 'website']) : null,
    owner_id: refTo(`user/${customer.owner}`),
    org_unit_id: refTo(`org_unit/${customer.unit}`),
  })
}

function streetOf(random: Random, country: Country): string {
  const street = random.pick(country.streets)
  const number = random.between(1, 140)
  return country.numberFirst === true
    ? `${number} ${street}`
    : country.language === 'uk' || country.language === 'ru'
      ? `${street}, ${number}`
      : `${street} ${number}`
}

/** A number of that country that rings nowhere. */
export function phoneOf(random: Random, country: Country): string {
  return `${country.phone}${digits(random, country.digits)}`
}

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, (_, index) => random.between(index === 0 ? 1 : 0, 9)).join('')
}
