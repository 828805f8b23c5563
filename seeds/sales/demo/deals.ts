/**
 * Two thousand deals over eighteen months: when they came, how far they went, what they were about.
 * Growth, seasons and weekdays shape the beginning; length and odds of a process shape the end.
 */
import { type CatalogueItem, isListed, listPrice, money, PRICE_LISTS, type PriceListPlan, priceRef } from './catalogue.ts'
import { type ContactDrawn, type CustomerDrawn, priceListOf } from './customers.ts'
import { addDays, daysBetween, DEMO_DAYS, momentOf, weekdayOf, workday } from './days.ts'
import { SELLERS } from './organisation.ts'
import type { Language } from './places.ts'
import { at, type Random } from './random.ts'
import { known, refTo, type SeedRecord, writtenBy } from './records.ts'
import { workingMinute } from './written.ts'
import { COMPETITORS, dealName, NEXT_STEPS } from './wording.ts'

type Process = 'new_business' | 'field_sales' | 'renewal'
export type Stage = 'lead' | 'prospecting' | 'upcoming' | 'qualified' | 'engaging' | 'proposal' | 'negotiation' | 'won' | 'lost'

/** A deal with what leads and activities need to know of it. */
export interface DealDrawn {
  readonly record: SeedRecord
  readonly lines: readonly SeedRecord[]
  readonly ref: string
  readonly name: string
  readonly process: Process
  readonly stage: Stage
  readonly customer: CustomerDrawn
  readonly contact: ContactDrawn | undefined
  readonly owner: string
  readonly unit: string
  readonly created: string
  /** The day it was closed, or the day the data stands at. */
  readonly until: string
  readonly product: CatalogueItem
  readonly source: string
}

interface Plan {
  readonly share: number
  readonly days: number
  readonly odds: number
  readonly open: readonly (readonly [until: number, stage: Stage, probability: number])[]
}

/** Of each process: its share of all deals, its usual length, its odds, and the stages an open deal passes. */
const PLANS: Readonly<Record<Process, Plan>> = {
  new_business: {
    share: 72,
    days: 52,
    odds: 0.4,
    open: [
      [0.32, 'lead', 10],
      [0.6, 'qualified', 25],
      [0.84, 'proposal', 50],
      [1, 'negotiation', 75],
    ],
  },
  renewal: {
    share: 18,
    days: 30,
    odds: 0.76,
    open: [
      [0.35, 'upcoming', 60],
      [0.75, 'proposal', 75],
      [1, 'negotiation', 85],
    ],
  },
  field_sales: {
    share: 10,
    days: 21,
    odds: 0.5,
    open: [
      [0.4, 'prospecting', 15],
      [1, 'engaging', 45],
    ],
  },
}

/** Orders come before quarters end and before Christmas, and rest in summer. January first. */
const SEASON = [0.72, 0.88, 1.18, 0.95, 1, 1.16, 0.78, 0.66, 1.12, 1.08, 1.28, 1.04]
const WEEKDAY = [0, 1.1, 1.15, 1.1, 1, 0.75, 0, 0]

/** Draws the deals, oldest first. */
export function drawDeals(
  random: Random,
  anchor: string,
  count: number,
  customers: readonly CustomerDrawn[],
  contacts: readonly ContactDrawn[],
  products: readonly CatalogueItem[],
): DealDrawn[] {
  const people = Map.groupBy(contacts, contact => contact.customer.ref)
  const names = new Set<string>()
  const buyers = customers.filter(each => each.buys).map((each, index) => [each, buyerWeight(each, index)] as const)
  return creationDays(random, anchor, count).map((created, index) =>
    drawDeal({ random, anchor, created, index, customer: random.weighted(buyers), people, products, names }),
  )
}

function buyerWeight(customer: CustomerDrawn, index: number): number {
  if (index === 0) return 14
  return { active: 5, prospect: 1.6, dormant: 1.2, closed: 0.5 }[customer.status] * (index % 11 === 3 ? 3 : 1)
}

function creationDays(random: Random, anchor: string, count: number): string[] {
  const days = Array.from({ length: DEMO_DAYS }, (_, index) => addDays(anchor, index - DEMO_DAYS))
  const weights = days.map(
    (day, index) =>
      [day, at(SEASON, Number(day.slice(5, 7)) - 1) * at(WEEKDAY, weekdayOf(day)) * (1 + (0.5 * index) / days.length)] as const,
  )
  return Array.from({ length: count }, () => random.weighted(weights)).sort()
}

interface Draw {
  readonly random: Random
  readonly anchor: string
  readonly created: string
  readonly index: number
  readonly customer: CustomerDrawn
  readonly people: ReadonlyMap<string, readonly ContactDrawn[]>
  readonly products: readonly CatalogueItem[]
  /** Customer and name of every open deal so far: the pair is unique. */
  readonly names: Set<string>
}

function drawDeal(draw: Draw): DealDrawn {
  const { random, anchor, created, index, customer } = draw
  const process = random.weighted(
    Object.entries(PLANS).map(
      ([key, plan]) => [key as Process, customer.status === 'prospect' && key === 'renewal' ? 0 : plan.share] as const,
    ),
  )
  const plan = PLANS[process]
  const cycle = Math.max(3, Math.round(random.around(plan.days, 0.45)))
  const end = workday(addDays(created, cycle))
  // A few deals outlive their usual length and wait somewhere on the way.
  const isStale = end < anchor && random.chance(0.03)
  const isClosed = end < anchor && !isStale
  const won = isClosed && random.chance(oddsOf(plan, customer))
  const progress = isStale ? random.next() : daysBetween(created, anchor) / cycle
  const [, openStage, probability] = plan.open.find(([until]) => progress <= until) ?? at(plan.open, plan.open.length - 1)
  const stage: Stage = won ? 'won' : isClosed ? 'lost' : openStage
  const [owner, , unit] = random.chance(0.82)
    ? ([customer.owner, 0, customer.unit] as const)
    : random.weighted(SELLERS[customer.country.branch].map(seller => [seller, seller[1]] as const))
  const product = drawProduct(random, draw.products, process)
  const list = at(
    PRICE_LISTS.filter(each => each.ref === priceListOf(customer)),
    0,
  )
  const ref = `deal/${index}`
  const hasLines = ['proposal', 'negotiation', 'won', 'lost'].includes(stage) && !random.chance(stage === 'lost' ? 0.3 : 0.06)
  const { lines, cents } = hasLines ? drawLines(draw, ref, product, list) : { lines: [], cents: estimate(random, product, list) }
  const contact = draw.people.get(customer.ref)?.find(() => random.chance(0.8)) ?? draw.people.get(customer.ref)?.[0]
  const name = uniqueName(draw, dealName(random, product.category, process, languageOf(customer)), isClosed)
  const source =
    process === 'renewal'
      ? 'existing_customer'
      : random.weighted([
          ['website', 26],
          ['referral', 22],
          ['trade_fair', 14],
          ['cold_call', 12],
          ['partner', 9],
          ['tender', 7],
          ['advertising', 6],
          ['existing_customer', 14],
        ] as const)
  const expected = isClosed
    ? workday(addDays(end, random.between(-12, 9)))
    : end < anchor
      ? end
      : workday(addDays(end, random.between(0, 10)))
  const touched = lastTouched(created, isClosed ? end : anchor, isClosed)
  const values = known({
    name,
    sales_process: process,
    pipeline: refTo(`pipeline/${pipelineOf(process, customer)}`),
    stage,
    customer: refTo(customer.ref),
    contact: contact === undefined || stage === 'lead' ? null : refTo(contact.ref),
    amount: stage === 'upcoming' || stage === 'lead' ? (random.chance(0.6) ? money(cents) : null) : money(cents),
    currency: customer.country.currency,
    probability: isClosed ? (stage === 'won' ? '100' : '0') : String(probability),
    expected_close_on: expected,
    engaged_on: ['lead', 'prospecting', 'upcoming'].includes(stage)
      ? null
      : earlier(addDays(created, random.between(1, 6)), isClosed ? end : anchor),
    closed_on: isClosed ? end : null,
    source,
    ...(stage === 'lost' ? lossOf(random) : {}),
    product: refTo(product.ref),
    sales_agent: random.chance(process === 'field_sales' ? 1 : 0.45)
      ? refTo(`agent/${process === 'field_sales' && random.chance(0.3) ? 'free0' : owner}`)
      : null,
    price_list: lines.length > 0 ? refTo(`price_list/${list.ref}`) : null,
    discount: lines.length > 0 && random.chance(0.12) ? String(random.pick([2, 3, 5])) : null,
    ...(isClosed
      ? {}
      : { next_step: random.pick(NEXT_STEPS[languageOf(customer)]), next_step_on: workday(addDays(anchor, random.between(-3, 21))) }),
    team: random.chance(0.08) ? [refTo('user/manager'), refTo('user/analyst')] : null,
    tags: random.chance(0.1) ? [random.pick(['framework contract', 'urgent', 'new site', 'competitor involved'])] : null,
    owner_id: refTo(`user/${owner}`),
    org_unit_id: refTo(`org_unit/${unit}`),
    ...writtenBy(
      `user/${owner}`,
      momentOf(created, random.between(7 * 60, 16 * 60)),
      momentOf(touched, touched > created ? workingMinute(ref) : workingMinute(ref, 16 * 60 + 1, 17 * 60 + 30)),
    ),
  })
  return {
    record: { ref, values },
    lines,
    ref,
    name,
    process,
    stage,
    customer,
    contact,
    owner,
    unit,
    created,
    until: isClosed ? end : anchor,
    product,
    source,
  }
}

/** Closed deals rest since the day they were closed; open ones were touched within the last fortnight. */
function lastTouched(created: string, until: string, isClosed: boolean): string {
  const day = isClosed ? until : addDays(until, -1 - (daysBetween(created, until) % 14))
  return day > created ? day : created
}

function oddsOf(plan: Plan, customer: CustomerDrawn): number {
  if (customer.status === 'prospect') return 0
  return plan.odds * { active: 1.16, dormant: 0.7, closed: 0.4 }[customer.status]
}

function languageOf(customer: CustomerDrawn): Language {
  return customer.country.language
}

function pipelineOf(process: Process, customer: CustomerDrawn): string {
  if (process === 'renewal') return 'renewals'
  if (process === 'field_sales') return 'field'
  return { berlin: 'new_north', madrid: 'new_iberia', kyiv: 'new_east' }[customer.country.branch]
}

function drawProduct(random: Random, products: readonly CatalogueItem[], process: Process): CatalogueItem {
  const renewal = process === 'renewal'
  return random.weighted(
    products
      .filter(each => each.active && each.kind !== 'input' && (!renewal || each.renewable))
      .map(each => [each, each.kind === 'service' ? (renewal ? 1 : 0.35) : 1] as const),
  )
}

function earlier(a: string, b: string): string {
  return a < b ? a : b
}

function estimate(random: Random, product: CatalogueItem, list: PriceListPlan): number {
  const factor = list.currency === 'UAH' ? 46.5 : 1
  return Math.max(1, Math.round((random.around(Math.min(900000, product.price * 14), 0.6) * factor) / 10000)) * 10000
}

function drawLines(draw: Draw, deal: string, main: CatalogueItem, list: PriceListPlan): { lines: SeedRecord[]; cents: number } {
  const { random } = draw
  const others = Array.from(
    {
      length: random.weighted([
        [0, 42],
        [1, 30],
        [2, 17],
        [3, 8],
        [5, 3],
      ] as const),
    },
    () => random.pick(draw.products),
  ).filter(each => each.active && each.kind !== 'input' && each !== main)
  let cents = 0
  const lines = [main, ...new Set(others)].map((product, position): SeedRecord => {
    const quantity = quantityOf(random, product, list)
    const discount = random.chance(0.22) ? random.pick([3, 5, 7, 10]) : 0
    const listed = isListed(list, product)
    // A wholesale list holds goods only: what it has no price for is sold at the list price.
    const price = listed ? listPrice(list, product) : product.price
    cents += Math.round((quantity * price * (100 - discount)) / 100)
    return {
      ref: `${deal}/line/${position}`,
      values: known({
        deal: refTo(deal),
        product: refTo(product.ref),
        quantity: String(quantity),
        price_list_item: listed ? refTo(priceRef(list, product)) : null,
        unit_price: listed ? null : money(price),
        discount: discount === 0 ? null : String(discount),
      }),
    }
  })
  return { lines, cents }
}

function quantityOf(random: Random, product: CatalogueItem, list: PriceListPlan): number {
  // Around 4,500 euro a line, whatever a piece costs, in the steps people order in.
  const wanted = random.around(450000 / product.price, 0.8)
  const quantity = Math.max(product.kind === 'service' ? 1 : list.minQuantity, Math.round(wanted))
  return quantity > 200 ? Math.round(quantity / 50) * 50 : quantity > 20 ? Math.round(quantity / 5) * 5 : quantity
}

function uniqueName(draw: Draw, name: string, closed: boolean): string {
  if (closed) return name
  let unique = name
  for (let count = 2; draw.names.has(`${draw.customer.ref} ${unique}`); count++) unique = `${name} (${count})`
  draw.names.add(`${draw.customer.ref} ${unique}`)
  return unique
}

function lossOf(random: Random): Record<string, unknown> {
  const reason = random.weighted([
    ['price', 29],
    ['competitor', 22],
    ['no_decision', 18],
    ['no_budget', 14],
    ['delivery_time', 8],
    ['missing_feature', 5],
    ['other', 4],
  ] as const)
  return { lost_reason: reason, ...(reason === 'competitor' ? { competitor: random.pick(COMPETITORS) } : {}) }
}
