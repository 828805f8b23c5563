/**
 * The nine requests, each as the engine and as the floor take it: the same question of the same person about the same records.
 * Answers for how requests are spread, so that both sides get the same sequence. Knows no process and no clock.
 */
import type { Request } from 'autocannon'
import type { Person, Role } from './people.ts'
import { NAME_WORDS } from './population.ts'

export type Side = 'engine' | 'floor'
export type CaseKey = 'L1' | 'L2' | 'L3' | 'L4' | 'G1' | 'A1' | 'C1' | 'U1' | 'C2'

export interface BenchCase {
  readonly key: CaseKey
  readonly title: string
  readonly writes: boolean
  readonly roles: readonly Role[]
  /** Records that one request makes. */
  readonly rows: number
  /** Where more connections would only make the database larger. */
  readonly mostConnections?: number
  readonly request: (side: Side, person: Person, random: () => number, state: WriteState) => Request
}

/** What writers have to remember from one request to the next. */
export interface WriteState {
  /** Versions of the deals that this side has changed. */
  readonly versions: Map<string, number>
  /** Numbers of what is created, so that no name comes twice. */
  readonly counter: { next: number }
}

const LISTED = ['name', 'stage', 'amount', 'currency', 'probability', 'expected_close_on', 'owner_id', 'created_at']
const STAGES = ['qualified', 'proposal', 'won']
/** One word of a quarter of all names, one of a sixty-fourth, two rare ones. */
const SEARCHED = [NAME_WORDS[1], NAME_WORDS[5], NAME_WORDS[9], NAME_WORDS[11]]
const BULK_ROWS = 1000
const JSON_TYPE = 'application/json'

const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)] as T

function headersOf(side: Side, person: Person): Record<string, string> {
  return { authorization: `Bearer ${side === 'engine' ? person.engineToken : person.floorToken}`, 'x-forwarded-for': person.address }
}

function get(side: Side, person: Person, path: string): Request {
  return { method: 'GET', path, headers: headersOf(side, person) }
}

function send(
  side: Side,
  person: Person,
  method: 'POST' | 'PATCH',
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Request {
  return { method, path, headers: { ...headersOf(side, person), 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(body) }
}

/** A page of 50 of the engine's deals, asked by GET like the floor's. */
function list(
  side: Side,
  person: Person,
  asked: { readonly select: readonly string[]; readonly where: unknown; readonly sort: string },
): Request {
  const where = encodeURIComponent(JSON.stringify(asked.where))
  return get(side, person, `/api/records/deal?select=${asked.select.join(',')}&where=${where}&sort=${asked.sort}&limit=50`)
}

/** A stage and an amount between, half of the requests narrow and half wide. */
function byAmount(side: Side, person: Person, random: () => number, withCustomer: boolean): Request {
  const stage = pick(STAGES, random)
  const from = Math.floor(random() * 60_000)
  const to = from + (random() < 0.5 ? 5_000 : 30_000)
  if (side === 'floor')
    return get(side, person, `/deals/by-amount?stage=${stage}&from=${from}&to=${to}${withCustomer ? '&customer=1' : ''}`)
  return list(side, person, {
    select: withCustomer ? [...LISTED, 'customer.name'] : LISTED,
    where: { stage: { eq: stage }, amount: { between: [`${from}.00`, `${to}.00`] } },
    sort: 'amount',
  })
}

/** The fields of a new deal. */
function newDeal(person: Person, random: () => number, counter: WriteState['counter']): Record<string, unknown> {
  counter.next += 1
  return {
    name: `Bench ${pick(NAME_WORDS, random)} ${counter.next}`,
    stage: 'qualified',
    customer: pick(person.customers, random),
    amount: `${Math.floor(random() * 90_000) + 100}.50`,
    probability: '40',
    expected_close_on: '2028-03-01',
    next_step: 'Call the buyer back',
  }
}

const BOTH: readonly Role[] = ['admin', 'rep']

export const CASES: readonly BenchCase[] = [
  {
    key: 'L1',
    title: 'newest 50, 8 fields',
    writes: false,
    roles: BOTH,
    rows: 0,
    request: (side, person) =>
      get(side, person, side === 'floor' ? '/deals' : `/api/records/deal?select=${LISTED.join(',')}&sort=-created_at&limit=50`),
  },
  {
    key: 'L2',
    title: 'stage =, amount between, by amount, 50',
    writes: false,
    roles: BOTH,
    rows: 0,
    request: (side, person, random) => byAmount(side, person, random, false),
  },
  {
    key: 'L3',
    title: 'L2 with the customer’s id and name',
    writes: false,
    roles: BOTH,
    rows: 0,
    request: (side, person, random) => byAmount(side, person, random, true),
  },
  {
    key: 'L4',
    title: 'name contains, newest 50',
    writes: false,
    roles: BOTH,
    rows: 0,
    request: (side, person, random) => {
      const word = pick(SEARCHED, random) ?? ''
      if (side === 'floor') return get(side, person, `/deals?contains=${word}`)
      return list(side, person, { select: LISTED, where: { name: { contains: word } }, sort: '-created_at' })
    },
  },
  {
    key: 'G1',
    title: 'one by id, all fields',
    writes: false,
    roles: BOTH,
    rows: 0,
    request: (side, person, random) =>
      get(side, person, `${side === 'floor' ? '/deals' : '/api/records/deal'}/${pick(person.deals, random)}`),
  },
  {
    key: 'A1',
    title: 'group by stage, sum of amount',
    writes: false,
    roles: BOTH,
    rows: 0,
    request: (side, person) =>
      side === 'floor'
        ? get(side, person, '/deals/by-stage')
        : send(side, person, 'POST', '/api/records/deal/aggregate', {
            group_by: ['stage'],
            measures: { amount: { sum: 'amount' } },
            sort: ['stage'],
          }),
  },
  {
    key: 'C1',
    title: 'create',
    writes: true,
    roles: BOTH,
    rows: 1,
    request: (side, person, random, { counter }) => ({
      ...send(side, person, 'POST', side === 'floor' ? '/deals' : '/api/records/deal', {}),
      setupRequest: (request: Request) => ({ ...request, body: JSON.stringify(newDeal(person, random, counter)) }),
    }),
  },
  {
    key: 'U1',
    title: 'change one field',
    writes: true,
    roles: BOTH,
    rows: 1,
    request: (side, person, random, { versions, counter }) => {
      const id = pick(person.deals, random)
      const base = send(side, person, 'PATCH', `${side === 'floor' ? '/deals' : '/api/records/deal'}/${id}`, {})
      return {
        ...base,
        setupRequest: (request: Request) => {
          counter.next += 1
          const body = JSON.stringify({ next_step: `Call back at ${counter.next}` })
          return { ...request, body, headers: { ...base.headers, 'if-match': `"${versions.get(id) ?? 1}"` } }
        },
        onResponse: (status: number, body: string) => {
          // The answer to the last request of a run is not waited for: the change may have been made.
          const version = status === 200 ? Number(/"version":(\d+)/.exec(body)?.[1]) : (versions.get(id) ?? 1) + 1
          versions.set(id, version)
        },
      }
    },
  },
  {
    key: 'C2',
    title: 'create 1,000 at once',
    writes: true,
    // A rep's profile ends at 200 at once.
    roles: ['admin'],
    rows: BULK_ROWS,
    mostConnections: 8,
    request: (side, person, random, { counter }) => ({
      ...send(side, person, 'POST', side === 'floor' ? '/deals/bulk' : '/api/records/deal/bulk', {}),
      setupRequest: (request: Request) => {
        const deals = Array.from({ length: BULK_ROWS }, () => newDeal(person, random, counter))
        return {
          ...request,
          body: JSON.stringify(side === 'floor' ? { deals } : { operations: deals.map(values => ({ op: 'create', values })) }),
        }
      },
    }),
  },
]

/** A sequence of numbers from 0 to 1 that is the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The requests of one connection: every other one of the large tenant, the rest spread over those of middle size. Connections share no deal. */
export function sequenceOf(
  asked: BenchCase,
  side: Side,
  people: readonly Person[],
  place: { readonly connection: number; readonly of: number; readonly length: number },
  state: WriteState,
): Request[] {
  const random = randomOf(7919 * (place.connection + 1))
  const [large, others] = [people.filter(({ tenant }) => tenant.no === 1), people.filter(({ tenant }) => tenant.no !== 1)]
  // Two connections that change one deal would wait for each other, and refuse each other's versions.
  const mine = (list: readonly Person[]): readonly Person[] =>
    asked.key === 'U1' ? list.filter((_person, index) => index % place.of === place.connection) : list
  const [ofLarge, ofOthers] = [mine(large), mine(others)]
  return Array.from({ length: place.length }, (_, at) => {
    return asked.request(side, pick(at % 2 === 0 ? ofLarge : ofOthers, random), random, state)
  })
}
