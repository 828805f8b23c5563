/**
 * Leads, tasks, calls and notes around the deals: what a sales team leaves behind in a year and a half.
 */
import { type CatalogueItem, money } from './catalogue.ts'
import { phoneOf } from './customers.ts'
import { addDays, daysBetween, DEMO_DAYS, momentOf, workday } from './days.ts'
import type { DealDrawn } from './deals.ts'
import { asciiOf, drawCompanies, drawPerson } from './names.ts'
import { SELLERS } from './organisation.ts'
import { COUNTRIES } from './places.ts'
import type { Random } from './random.ts'
import { workingMinute } from './written.ts'
import { known, refTo, type SeedRecord, writtenBy } from './records.ts'
import { CALLS, INQUIRIES, NOTES, SUMMARIES, TASKS, wordingOf } from './wording.ts'

const LEADS_FROM_DEALS = 0.1

/** Leads: those that became one of the deals, and those that are new, at work or were turned down. */
export function demoLeads(
  random: Random,
  anchor: string,
  count: number,
  deals: readonly DealDrawn[],
  products: readonly CatalogueItem[],
): SeedRecord[] {
  const origins = deals.filter(
    deal => deal.process === 'new_business' && deal.stage !== 'lead' && deal.contact !== undefined && random.chance(LEADS_FROM_DEALS),
  )
  const converted = origins.map((deal, index) => convertedLead(random, deal, index))
  const sold = products.filter(product => product.active && product.kind !== 'input')
  const open = Array.from({ length: Math.max(0, count - converted.length) }, (_, index) => openLead(random, anchor, index, sold))
  return [...converted, ...open]
}

function convertedLead(random: Random, deal: DealDrawn, index: number): SeedRecord {
  const { customer, contact } = deal
  const asked = addDays(deal.created, -random.between(2, 20))
  return {
    ref: `lead/converted/${index}`,
    values: known({
      name: wordingOf(random, INQUIRIES, customer.country.language),
      company: customer.name,
      contact_name: contact?.name,
      email: contact?.record.values['email'],
      phone: phoneOf(random, customer.country),
      status: 'converted',
      source: deal.source === 'existing_customer' ? 'referral' : deal.source,
      rating: random.weighted([
        ['hot', 60],
        ['warm', 40],
      ] as const),
      industry: customer.record.values['industry'],
      product: refTo(deal.product.ref),
      converted_customer: refTo(customer.ref),
      converted_contact: contact === undefined ? null : refTo(contact.ref),
      converted_deal: refTo(deal.ref),
      converted_at: momentOf(deal.created, random.between(420, 960)),
      owner_id: refTo(`user/${deal.owner}`),
      org_unit_id: refTo(`org_unit/${deal.unit}`),
      ...writtenBy(
        `user/${deal.owner}`,
        momentOf(asked, random.between(420, 1080)),
        momentOf(deal.created, workingMinute(`${deal.ref} from a lead`, 16 * 60 + 1, 17 * 60 + 30)),
      ),
    }),
  }
}

function openLead(random: Random, anchor: string, index: number, products: readonly CatalogueItem[]): SeedRecord {
  const country = random.weighted(COUNTRIES.map(each => [each, each.share] as const))
  const person = drawPerson(random, country.code)
  const company = drawCompanies(random, country.code, 1)[0]
  const [owner, , unit] = random.weighted(SELLERS[country.branch].map(seller => [seller, seller[1]] as const))
  const age = Math.round(random.next() ** 2.2 * DEMO_DAYS)
  const status =
    age < 6
      ? 'new'
      : age < 45
        ? random.weighted([
            ['new', 12],
            ['working', 48],
            ['qualified', 22],
            ['disqualified', 18],
          ] as const)
        : random.weighted([
            ['working', 7],
            ['qualified', 3],
            ['disqualified', 90],
          ] as const)
  const rated = status !== 'new'
  const product = random.pick(products)
  return {
    ref: `lead/open/${index}`,
    values: known({
      name: wordingOf(random, INQUIRIES, country.language),
      company: status === 'qualified' || random.chance(0.85) ? company?.name : null,
      contact_name: person.name,
      email: `${asciiOf(person.name).replace('-', '.')}@${asciiOf(company?.name ?? 'mail')}.example`,
      phone: random.chance(0.7) ? phoneOf(random, country) : null,
      status,
      source: random.weighted([
        ['website', 38],
        ['trade_fair', 18],
        ['advertising', 16],
        ['referral', 14],
        ['cold_call', 10],
        ['partner', 4],
      ] as const),
      rating: rated
        ? random.weighted([
            ['hot', 18],
            ['warm', 45],
            ['cold', 37],
          ] as const)
        : null,
      industry: company?.industry,
      currency: country.currency,
      estimated_amount: random.chance(0.55)
        ? money(Math.round(random.around(6000, 0.7) * (country.currency === 'UAH' ? 46 : 1)) * 100)
        : null,
      next_step_on: ['working', 'qualified'].includes(status) ? workday(addDays(anchor, random.between(-4, 14))) : null,
      product: random.chance(0.4) ? refTo(product.ref) : null,
      campaign: random.chance(0.25) ? random.pick(['LogiMAT', 'Spring mailing', 'Search ads', 'Webinar rack safety']) : null,
      disqualified_reason:
        status === 'disqualified'
          ? random.weighted([
              ['no_need', 28],
              ['no_budget', 24],
              ['unreachable', 20],
              ['competitor', 14],
              ['spam', 8],
              ['duplicate', 6],
            ] as const)
          : null,
      owner_id: refTo(`user/${owner}`),
      org_unit_id: refTo(`org_unit/${unit}`),
      ...writtenBy(`user/${owner}`, momentOf(addDays(anchor, -age - 1), random.between(360, 1200))),
    }),
  }
}

/** A deal's links as tasks, calls and notes carry them. */
function linksOf(deal: DealDrawn): Record<string, unknown> {
  return {
    customer: refTo(deal.customer.ref),
    deal: refTo(deal.ref),
    contact: deal.contact === undefined ? null : refTo(deal.contact.ref),
    owner_id: refTo(`user/${deal.owner}`),
    org_unit_id: refTo(`org_unit/${deal.unit}`),
  }
}

const FIELD_WORK = ['installation', 'service']

/** Tasks: of open deals around today, of closed ones in the past; field work goes to the professional. */
export function demoTasks(random: Random, anchor: string, count: number, deals: readonly DealDrawn[]): SeedRecord[] {
  const open = deals.filter(deal => !['won', 'lost'].includes(deal.stage))
  const won = deals.filter(deal => deal.stage === 'won')
  return Array.from({ length: count }, (_, index): SeedRecord => {
    const ahead = random.chance(0.55)
    const deal = random.pick(ahead ? open : won)
    const kind = ahead
      ? random.weighted([
          ['follow_up', 40],
          ['quote', 22],
          ['meeting', 20],
          ['paperwork', 10],
          ['service', 8],
        ] as const)
      : random.weighted([
          ['installation', 34],
          ['delivery', 30],
          ['paperwork', 18],
          ['service', 18],
        ] as const)
    const due = workday(ahead ? addDays(anchor, random.between(-10, 28)) : addDays(deal.until, random.between(3, 30)))
    const past = daysBetween(due, anchor)
    const status =
      past > 12
        ? random.weighted([
            ['done', 92],
            ['cancelled', 8],
          ] as const)
        : past > 0
          ? random.weighted([
              ['done', 62],
              ['in_progress', 18],
              ['open', 20],
            ] as const)
          : random.weighted([
              ['open', 62],
              ['in_progress', 24],
              ['waiting', 14],
            ] as const)
    const outside = FIELD_WORK.includes(kind) && random.chance(0.7)
    return {
      ref: `task/${index}`,
      values: known({
        subject: wordingOf(random, TASKS[kind], deal.customer.country.language),
        status,
        priority: random.weighted([
          ['urgent', 6],
          ['high', 20],
          ['normal', 60],
          ['low', 14],
        ] as const),
        kind,
        due_on: due,
        ...linksOf(deal),
        assignee: refTo(outside ? 'user/professional' : `user/${deal.owner}`),
        estimated_minutes: FIELD_WORK.includes(kind) ? random.between(4, 32) * 30 : random.between(1, 8) * 15,
        completed_on: status === 'done' ? addDays(due, -Math.min(3, Math.max(0, random.between(-2, 3)))) : null,
        ...writtenBy(
          `user/${deal.owner}`,
          momentOf(addDays(due < anchor ? due : anchor, -random.between(3, 12)), random.between(420, 1020)),
        ),
      }),
    }
  })
}

/** Calls along the life of deals. */
export function demoCalls(random: Random, anchor: string, count: number, deals: readonly DealDrawn[]): SeedRecord[] {
  return Array.from({ length: count }, (_, index): SeedRecord => {
    const deal = random.pick(deals)
    const { language } = deal.customer.country
    const planned = deal.until === anchor && random.chance(0.35)
    const day = workday(
      planned
        ? addDays(anchor, random.between(1, 14))
        : addDays(deal.created, random.between(0, Math.max(0, daysBetween(deal.created, deal.until) - 1))),
    )
    const status =
      day >= anchor
        ? 'planned'
        : random.weighted([
            ['held', 82],
            ['missed', 12],
            ['cancelled', 6],
          ] as const)
    const held = status === 'held'
    return {
      ref: `call/${index}`,
      values: known({
        subject: wordingOf(random, CALLS, language),
        status,
        direction: random.weighted([
          ['outgoing', 68],
          ['incoming', 32],
        ] as const),
        started_at: momentOf(day, random.between(6 * 60, 15 * 60)),
        ...linksOf(deal),
        phone: deal.contact?.record.values['phone'],
        ...(held
          ? {
              duration_minutes: Math.min(90, Math.max(1, Math.round(random.around(9, 0.8)))),
              outcome: random.weighted([
                ['agreed', 34],
                ['interested', 24],
                ['call_back', 22],
                ['resolved', 12],
                ['no_interest', 8],
              ] as const),
              summary: random.chance(0.6) ? wordingOf(random, SUMMARIES, language) : null,
            }
          : {}),
        ...writtenBy(
          `user/${deal.owner}`,
          momentOf(day < anchor ? day : addDays(anchor, -1), workingMinute(`call/${index}`, 16 * 60, 17 * 60 + 30)),
        ),
      }),
    }
  })
}

/** Notes on deals and customers. */
export function demoNotes(random: Random, count: number, deals: readonly DealDrawn[]): SeedRecord[] {
  return Array.from({ length: count }, (_, index): SeedRecord => {
    const deal = random.pick(deals)
    const { language } = deal.customer.country
    const kind = random.weighted([
      ['general', 38],
      ['meeting', 26],
      ['feedback', 18],
      ['competitor', 10],
      ['risk', 8],
    ] as const)
    const { customer, contact, deal: about, ...owner } = linksOf(deal)
    return {
      ref: `note/${index}`,
      values: known({
        subject: wordingOf(random, NOTES[kind], language),
        kind,
        body: wordingOf(random, SUMMARIES, language),
        customer,
        deal: random.chance(0.7) ? about : null,
        contact: random.chance(0.4) ? contact : null,
        pinned: random.chance(0.06),
        ...owner,
        ...writtenBy(
          `user/${deal.owner}`,
          momentOf(
            addDays(deal.created, random.between(0, Math.max(0, daysBetween(deal.created, deal.until) - 1))),
            random.between(480, 1020),
          ),
        ),
      }),
    }
  })
}
