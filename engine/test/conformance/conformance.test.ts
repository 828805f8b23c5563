/**
 * The OpenAPI documents of several callers, held against the engine: requests are made out of each document by chance, two thirds of them sound
 * and the rest broken in a known way, and every answer has to be one that the document promises. What nobody has been answered by then is asked
 * by whoever reads problems, until it is; what stays without an answer has its reason here. The same seed asks the same questions;
 * NEXUS_TEST_REQUESTS says how many.
 */
import fc from 'fast-check'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { addressOf, type Asked, isForgivable, requestsTo } from '../harness/asked-operations.ts'
import { DescribedApi, type DescribedOperation, type Document, type GivenAnswer } from '../harness/described-api.ts'
import { Learnt } from '../harness/learnt.ts'
import { mendedRequest } from '../harness/mended-request.ts'
import type { ValueSource } from '../harness/schema-values.ts'
import { NO_EVIDENCE, openWorld, type World, type WorldRequest } from '../isolation/world.ts'
import { WORLD_PASSWORD } from '../isolation/world-template.ts'

const SEED = 20_261_127
/** Over all callers together; every operation of each is asked equally often, so it may be a few more. */
const REQUESTS = Number(process.env['NEXUS_TEST_REQUESTS'] ?? '10000')
const CALLERS = ['client', 'auditor', 'clerk', 'union', 'rep', 'admin'] as const

const MOST_TRIALS = 60
/** How often an operation without an answer is asked anew, and a refused request mended. */
const PERSUASIONS = 40
const MENDINGS = 4

/** Another model would make the documents old, another password ends the token: what is asked of these before the end is refused. */
const ENDING: ReadonlySet<string> = new Set(['studio_draft_publish', 'me_password'])
/** What is asked last: of a draft that holds one change and no other. */
const AT_THE_END = ['studio_draft_discard', 'studio_draft_save', 'studio_draft_remove', 'studio_draft_save', ...ENDING]

/** Operations that nobody gets to answer here, and why. */
const UNANSWERED: Readonly<Record<string, string>> = {
  auth_password_reset: 'takes a token that stands in a letter',
  import_undo: 'takes back what a worker has written, and none works here',
}

/** What is wrong with the form of a value: of one that is sound under its schema none may be said. */
const OF_FORM =
  /^VALIDATE_(?:TYPE|UNKNOWN_NAME|MAX_LENGTH|MIN_LENGTH|DECIMAL|DIGITS|SCALE|ID|DATE|DATETIME|MAX_ITEMS|MIN_ITEMS|TABLE_\w+|NOT_WRITABLE|UNKNOWN_PART)$/

/** The world of whoever is asking; each has one of his own, for whatever one of them throws away the next could not find. */
let world: World
const apis = new Map<string, DescribedApi>()

beforeAll(async () => {
  world = await openWorld()
  for (const caller of CALLERS) {
    const answer = await ask(`north/${caller}`, { method: 'GET', path: '/api/openapi.json' })
    apis.set(caller, new DescribedApi(answer.json as Document))
  }
}, 300_000)

beforeEach(async () => {
  await world.close()
  world = await openWorld()
}, 300_000)

/** How often each operation of each caller is asked, so that all together are as many as they should be. */
const roundsOf = (): number => Math.ceil(REQUESTS / [...apis.values()].reduce((sum, api) => sum + api.operations.length, 0))

test.each(CALLERS)('%s is answered as his document says, by every operation', { timeout: 1_800_000 }, async caller => {
  const api = apis.get(caller)
  if (api === undefined) throw new Error(`There is no document of ${caller}.`)
  const rounds = roundsOf()
  const asker = await Asker.of(caller, api)
  const script = api.operations.map((operation, index) =>
    fc.sample(requestsTo(operation, asker.sourceOf(operation), true), { seed: SEED + index, numRuns: rounds }).filter(isAskable),
  )
  for (let round = 0; round < rounds; round++)
    for (const [index, requests] of script.entries()) {
      // Every fourth is about whatever came out of the air.
      const which = round % 4 === 3 ? -1 : round + index
      for (const asked of requests.slice(round, round + 1)) await asker.ask(asked, which)
    }
  const byChance = api.operations.filter(({ id }) => asker.answered.has(id)).length
  const left = api.operations.filter(({ id }) => !asker.answered.has(id) && !AT_THE_END.includes(id))
  const last = AT_THE_END.flatMap(id => api.operations.filter(operation => operation.id === id))
  for (const operation of [...left, ...last]) await asker.persuade(operation)

  expect([...asker.complaints].map(([key, example]) => `${key}\n  ${example}`)).toEqual([])
  const unanswered = api.operations.flatMap(({ id }) => (asker.answered.has(id) ? [] : [id]))
  console.log(
    `${caller}: ${api.operations.length} operations asked ${asker.asked} times; ${byChance} answered 2xx by chance, ${asker.answered.size} in the end, not ${unanswered.join(', ')}`,
  )
  expect(unanswered).toEqual(api.operations.flatMap(({ id }) => (id in UNANSWERED ? [id] : [])))
})

function isAskable({ operation, broken }: Asked): boolean {
  return !ENDING.has(operation.id) || (broken !== null && !isForgivable(broken))
}

/** What no document says of an answer and has to hold all the same. */
function complaintOf({ broken, value, operation }: Asked, answer: GivenAnswer): string | null {
  if (answer.status >= 500) return 'the engine broke'
  if (broken !== null) return isForgivable(broken) || answer.status >= 400 ? null : 'it was answered'
  if (value === undefined || !/^(?:create|update|bulk)_/.test(operation.id)) return null
  const { errors = [] } = (answer.json ?? {}) as { errors?: readonly { code: string; pointer: string }[] }
  const form = errors.find(({ code }) => OF_FORM.test(code))
  return form === undefined ? null : `a sound body was refused for its form: ${form.code}`
}

/** What a document can not tell of operations that are the same in every tenant: who one is, what there is by name. */
const toldTo = (caller: string, tag: string): Readonly<Record<string, readonly unknown[]>> => ({
  tenant: ['north'],
  // Whoever signs in wrongly too often has to wait for longer than a token lives.
  email: tag === 'auth' ? [`${caller}@north.test`] : Array.from({ length: 60 }, (_, n) => `new.${n}@north.test`),
  password: [WORLD_PASSWORD],
  current_password: [WORLD_PASSWORD],
  roles: tag === 'admin' ? [['rep'], [caller]] : [],
  time_zone: ['Europe/Berlin'],
  expires_at: ['2099-12-31T00:00:00Z'],
  ip_allow: [['192.0.2.0/24']],
  entity: ['deal', 'customer'],
  profiles: [['sales_rep'], ['sales_manager']],
  ...(caller === 'clerk'
    ? { map: ['price_list'], file: ['price_list.name,product_sku,min_quantity,price\nRetail,S-1,1,10.50\n'] }
    : { map: ['crm_accounts'], file: [`${ACCOUNT_COLUMNS}\nBaltic Brewery,retail,1996,10.5,20,Riga,\n`] }),
})
/** What an address may hold beside what it has a schema for: names with commas, as the entity has them. */
function addressedOf(schemas: ValueSource['schemas'], entity: string): Readonly<Record<string, readonly string[]>> {
  const names = (name: string, ...path: readonly string[]): string[] => {
    const found = path.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], schemas[name])
    return Array.isArray(found) ? found.map(String) : Object.keys(found ?? {})
  }
  const [fields, keys] = [names(entity, 'properties'), names(`${entity}.sort`, 'items', 'enum')]
  return {
    select: [fields[0] ?? 'id', fields.slice(0, 3).join(','), fields.join(',')],
    sort: keys.length === 0 ? [] : [keys[0] ?? '', keys.slice(0, 2).join(',')],
    after: [],
  }
}
const ACCOUNT_COLUMNS = 'account,sector,year_established,revenue,employees,office_location,subsidiary_of'

const fitting = (value: object): Partial<Asked> => ({ value, body: { type: 'application/json', text: JSON.stringify(value) } })

/** What neither a document nor a problem can tell: a change that the draft takes and gives back, a record that rules over several fields admit. */
const fittingFor = (caller: string): Readonly<Record<string, Partial<Asked>>> => ({
  studio_draft_save: {
    parts: { kind: 'entity', key: 'deal' },
    headers: {},
    ...fitting({ kind: 'entity', extends: 'sales/deal', fields: [{ key: 'gate', type: 'text', label: { en: 'Gate' } }] }),
  },
  studio_draft_remove: { parts: { kind: 'entity', key: 'deal' }, headers: { 'if-match': '"1"' } },
  create_lead: fitting({
    name: `Brewery of ${caller}`,
    company: `Brewery of ${caller}`,
    contact_name: `Ann ${caller}`,
    email: `ann.${caller}@example.com`,
    status: 'working',
  }),
})

/** What has to be done before something else can be. */
const FIRST: Readonly<Record<string, string>> = { convert_lead: 'create_lead' }

/** Somebody who asks by his document, remembers what he is told, and holds every answer against it. */
class Asker {
  readonly complaints = new Map<string, string>()
  /** Operations that gave more than a refusal. */
  readonly answered = new Set<string>()
  asked = 0
  private readonly caller: string
  private readonly api: DescribedApi
  private readonly learnt = new Learnt()
  private readonly entities = new Set<string>()
  private readonly sources = new Map<string, ValueSource>()
  private readonly own = new Set<string>()
  private cookie = ''

  private constructor(caller: string, api: DescribedApi) {
    this.caller = caller
    this.api = api
    this.learnt.tell({ type: 'record.updated', version: 1 })
  }

  /** Looks around, as far as lists go; of what else there is, he has the ids only. */
  static async of(caller: string, api: DescribedApi): Promise<Asker> {
    const asker = new Asker(caller, api)
    for (const operation of api.operations) {
      if (operation.id !== `list_${operation.tag}`) continue
      const answer = await ask(`north/${caller}`, { method: 'GET', path: `${operation.path}?limit=20` })
      asker.learnt.note(operation, {}, answer)
      asker.entities.add(operation.tag)
    }
    await asker.knowHimself()
    return asker
  }

  /** Ids of records of an entity, or of any: what he can see, and a little that he can not. */
  private idsOf(entity: string | undefined): string[] {
    const of = [...this.entities].filter(each => entity === undefined || !this.entities.has(entity) || each === entity)
    const seen = of.flatMap(each => this.learnt.idsIn(`/api/records/${each}`))
    const there = Object.entries(world.ids('north')).flatMap(([ref, id]) => (of.includes(ref.split('/')[0] ?? '') ? [id] : []))
    return [...new Set([...seen, ...there])].filter(id => !this.learnt.isTrashed(id))
  }

  /** Whoever ended his own session or locked himself out would be answered nothing any more. */
  private async knowHimself(): Promise<void> {
    const me = await ask(`north/${this.caller}`, { method: 'GET', path: '/api/me' })
    const { id } = (me.json as { data: { user: { id: string } } }).data.user
    this.own.add(id)
    if (!this.api.operations.some(operation => operation.id === 'admin_sessions_list')) return
    const sessions = await ask(`north/${this.caller}`, { method: 'GET', path: `/api/admin/sessions?user_id=${id}&limit=100` })
    for (const session of (sessions.json as { data: readonly { id: string }[] }).data) this.own.add(session.id)
  }

  sourceOf({ id, tag }: DescribedOperation, sparing = false): ValueSource {
    const { schemas } = this.api
    const isOfRecords = id.endsWith(`_${tag}`) && schemas[tag] !== undefined
    const key = `${tag} ${sparing}`
    const known = isOfRecords ? { addressed: addressedOf(schemas, tag) } : { told: toldTo(this.caller, tag) }
    const source = this.sources.get(key) ?? { schemas, ids: entity => this.idsOf(entity), sparing, ...known }
    this.sources.set(key, source)
    return source
  }

  /** Sends a request, about a thing that is known unless `which` is negative; gives the answer. */
  async ask(asked: Asked, which: number): Promise<GivenAnswer> {
    const { operation, broken } = asked
    const things = broken === 'no-id' || which < 0 ? [] : this.learnt.about(operation).filter(({ id }) => !this.own.has(String(id)))
    const parts = { ...asked.parts, ...things[which % things.length] }
    const answer = await this.send({ ...asked, parts })
    const complaint = this.api.complaint(operation, answer) ?? complaintOf(asked, answer)
    const key = `${operation.id} (${broken ?? 'sound'}): ${complaint}`
    const example = `${operation.method} ${addressOf(operation, parts)}?${asked.query} ${asked.body?.text ?? ''}\n  ${answer.status} ${answer.text}`
    if (complaint !== null && !this.complaints.has(key)) this.complaints.set(key, example.slice(0, 1_500))
    if (answer.status < 300) this.answered.add(operation.id)
    this.learnt.note(operation, parts, answer, /(?:^|&)trash=true/.test(asked.query) || asked.body?.text.includes('"trash":true'))
    return answer
  }

  /** Asks an operation, and does as he is told, until he is answered. */
  async persuade(operation: DescribedOperation): Promise<void> {
    const first = this.api.operations.find(each => each.id === FIRST[operation.id])
    if (first !== undefined) await this.persuade(first)
    const given = fittingFor(this.caller)
    // What has been made and thrown away since the beginning is known by now.
    this.sources.clear()
    const [source, sparing] = [this.sourceOf(operation), this.sourceOf(operation, true)]
    const samples = [sparing, source].map(from => fc.sample(requestsTo(operation, from, false), { seed: SEED, numRuns: PERSUASIONS / 2 }))
    // With as little as possible, then with as much as there may be, in turns: rules of the model forbid the one or the other.
    const requests = Array.from({ length: PERSUASIONS }, (_, n) => samples[n % 2]?.[n >> 1]).filter(each => each !== undefined)
    for (const [trial, request] of requests.entries()) {
      // What came last is most his own.
      const things = this.learnt.about(operation).length
      const which = operation.id in given ? -1 : things - 1 - (trial % things)
      let asked: Asked | null = { ...request, version: request.version === 'none' ? 'none' : 'seen', ...given[operation.id] }
      for (let mending = 0; asked !== null && mending <= MENDINGS; mending++) {
        const answer = await this.ask(asked, which)
        if (answer.status < 300) return
        asked = mendedRequest(asked, answer, source)
      }
    }
  }

  private async send({ operation, parts, query, headers, body, version, token }: Asked): Promise<GivenAnswer> {
    this.asked += 1
    const seen = this.learnt.versionOf(parts['id'])
    const ifMatch = { seen: `"${seen}"`, other: `"${seen + 7}"`, odd: String(seen), none: undefined }[version]
    // Whoever signs out everywhere is out of the sessions of this test too.
    const withCookie = operation.cookie && this.cookie !== '' && !query.includes('everywhere=true')
    const path = addressOf(operation, parts)
    const answer = await ask(token ? `north/${this.caller}` : null, {
      method: operation.method,
      path: query === '' ? path : `${path}?${query}`,
      headers: {
        ...headers,
        // A key stands for one request; every eighth comes again, for another.
        ...(headers['idempotency-key'] === undefined || this.asked % 8 === 0 ? {} : { 'idempotency-key': `request-${this.asked}` }),
        // Many programs name a type with every request, whether or not anything follows.
        ...(body !== null ? { 'content-type': body.type } : this.asked % 3 === 0 ? { 'content-type': 'application/json' } : {}),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(withCookie ? { cookie: this.cookie } : {}),
      },
      ...(body === null ? {} : { body: body.text }),
    })
    const [set] = /nexus_refresh=[^;]+/.exec(answer.headers['set-cookie'] ?? '') ?? []
    if (set !== undefined) this.cookie = set
    return answer
  }
}

/** Sends until the answer is more than a putting off: what was only put off has not been held against anything. */
async function ask(caller: string | null, { method, path, body, headers = {} }: WorldRequest): Promise<GivenAnswer> {
  for (let trial = 0; trial < MOST_TRIALS; trial++) {
    world.tick(2)
    const answer = await world.app.inject({
      method,
      url: path,
      headers: { ...(caller === null ? {} : { authorization: `Bearer ${world.token(caller)}` }), ...headers },
      ...(typeof body === 'string' ? { payload: body } : {}),
    })
    if (NO_EVIDENCE.has(answer.statusCode)) {
      // Limits are counted by the clock of the world; only a machine that is busy with others needs real time.
      world.tick(Number(answer.headers['retry-after'] ?? '1') * 1_000)
      if (answer.statusCode === 503) await new Promise(resolve => setTimeout(resolve, 500))
      continue
    }
    const isJson = /json(?!l)/.test(String(answer.headers['content-type'] ?? '')) && answer.body !== ''
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])),
      text: answer.body,
      json: isJson ? (JSON.parse(answer.body) as unknown) : undefined,
    }
  }
  throw new Error(`${method} ${path} was put off ${MOST_TRIALS} times, which proves nothing.`)
}
