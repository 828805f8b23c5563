/**
 * The OpenAPI documents of several callers, held against the engine: requests are made out of each document by chance, two thirds of them sound
 * and the rest broken in a known way, and every answer has to be one that the document promises. The same seed asks the same questions;
 * NEXUS_TEST_REQUESTS says how many.
 */
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type Asked, isForgivable, requestsTo } from '../harness/asked-operations.ts'
import { DescribedApi, type Document, type GivenAnswer } from '../harness/described-api.ts'
import type { ValueSource } from '../harness/schema-values.ts'
import { NO_EVIDENCE, openWorld, type World, type WorldRequest } from '../isolation/world.ts'

const SEED = 20_261_127
/** Over all callers together; every operation of each is asked equally often, so it may be a few more. */
const REQUESTS = Number(process.env['NEXUS_TEST_REQUESTS'] ?? '10000')
const CALLERS = ['client', 'auditor', 'clerk', 'union', 'rep', 'admin'] as const

const MOST_TRIALS = 60

/** Publishing another model in the middle would make the documents old; what is asked of it here is refused. */
const ONLY_BROKEN: ReadonlySet<string> = new Set(['studio_draft_publish'])

/** What is wrong with the form of a value: of one that is sound under its schema none may be said. */
const OF_FORM =
  /^VALIDATE_(?:TYPE|UNKNOWN_NAME|MAX_LENGTH|MIN_LENGTH|DECIMAL|DIGITS|SCALE|ID|DATE|DATETIME|MAX_ITEMS|MIN_ITEMS|TABLE_\w+|NOT_WRITABLE|UNKNOWN_PART)$/

let world: World
const apis = new Map<string, DescribedApi>()

beforeAll(async () => {
  world = await openWorld()
  for (const caller of CALLERS) {
    const answer = await ask(`north/${caller}`, { method: 'GET', path: '/api/openapi.json' })
    apis.set(caller, new DescribedApi(answer.json as Document))
  }
}, 300_000)

/** How often each operation of each caller is asked, so that all together are as many as they should be. */
const roundsOf = (): number => Math.ceil(REQUESTS / [...apis.values()].reduce((sum, api) => sum + api.operations.length, 0))

test.each(CALLERS)('%s is answered as his document says', { timeout: 1_800_000 }, async caller => {
  const api = apis.get(caller)
  if (api === undefined) throw new Error(`There is no document of ${caller}.`)
  const rounds = roundsOf()
  const memory = await look(caller, api)
  const script = api.operations.map((operation, index) =>
    fc.sample(requestsTo(operation, memory), { seed: SEED + index, numRuns: rounds }).filter(asked => isAskable(asked)),
  )
  const complaints = new Map<string, string>()
  let sound = 0
  for (let round = 0; round < rounds; round++) {
    for (const asked of script.flatMap(requests => requests[round] ?? [])) {
      const answer = await send(caller, memory, asked)
      if (answer.status < 400) sound += 1
      const complaint = api.complaint(asked.operation, answer) ?? complaintOf(asked, answer)
      const key = `${asked.operation.id} (${asked.broken ?? 'sound'}): ${complaint}`
      if (complaint !== null && !complaints.has(key))
        complaints.set(
          key,
          `${asked.operation.method} ${asked.path}?${asked.query} ${asked.body?.text ?? ''}\n  ${answer.status} ${answer.text}`.slice(
            0,
            1_500,
          ),
        )
    }
  }
  expect([...complaints].map(([key, example]) => `${key}\n  ${example}`)).toEqual([])
  expect(sound).toBeGreaterThan((rounds * api.operations.length) / 5)
})

function isAskable({ operation, broken }: Asked): boolean {
  return !ONLY_BROKEN.has(operation.id) || (broken !== null && !isForgivable(broken))
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

interface Memory extends ValueSource {
  readonly versions: Map<string, number>
}

/** What a caller can see, and a little that he can not. */
async function look(caller: string, api: DescribedApi): Promise<Memory> {
  const versions = new Map<string, number>()
  const byEntity = new Map<string, string[]>()
  for (const { id, path, tag } of api.operations) {
    if (id !== `list_${tag}`) continue
    const answer = await ask(`north/${caller}`, { method: 'GET', path: `${path}?limit=20` })
    const { data = [] } = (answer.json ?? {}) as { data?: readonly { id: string; version: number }[] }
    for (const record of data) versions.set(record.id, record.version)
    byEntity.set(
      tag,
      data.map(record => record.id),
    )
  }
  for (const [ref, id] of Object.entries(world.ids('north'))) byEntity.get(ref.split('/')[0] ?? '')?.push(id)
  const all = [...new Set([...byEntity.values()].flat())]
  return { schemas: api.schemas, versions, ids: entity => (entity === undefined ? undefined : byEntity.get(entity)) ?? all }
}

async function send(caller: string, { versions }: Memory, asked: Asked): Promise<GivenAnswer> {
  const { operation, path, query, headers, body, id, version, token } = asked
  const seen = (id === null ? undefined : versions.get(id)) ?? 1
  const ifMatch = { seen: `"${seen}"`, other: `"${seen + 7}"`, odd: String(seen), none: undefined }[version]
  const request = {
    method: operation.method,
    path: query === '' ? path : `${path}?${query}`,
    headers: {
      ...headers,
      ...(body === null ? {} : { 'content-type': body.type }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    },
    ...(body === null ? {} : { body: body.text }),
  }
  const answer = await ask(token ? `north/${caller}` : null, request)
  const { data } = (answer.json ?? {}) as { data?: { id?: string; version?: number } | null }
  if (typeof data?.id === 'string' && typeof data.version === 'number') versions.set(data.id, data.version)
  return answer
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
