/**
 * The live model of every tenant in this process: loaded by revision, compiled once, shared by reference where the documents are equal.
 * Knows the revision tables; never decides what a document may say.
 */
import { createHash } from 'node:crypto'
import type { Entity, LayerDocument } from '../../metadata/generated/types.ts'
import { type CheckedLayers, checkLayersInSteps } from '../../metadata/check-layers.ts'
import { OVERLAY } from '../../metadata/layers.ts'
import type { Problem } from '../../metadata/problem.ts'
import { inOneGo, type Steps } from '../../metadata/steps.ts'
import { inSlices } from '../kernel/in-slices.ts'
import { languageTools } from '../kernel/schema.ts'
import type { Log } from '../kernel/log.ts'
import { Turns } from '../kernel/turns.ts'
import type { Database, TenantConnection } from '../platform/types.ts'
import { type BuildingField, markBuilding } from './building.ts'
import { compileInSteps } from './compile.ts'
import { modelErrors } from './errors.ts'
import { IDLE_MS, KeptModels, type LiveModel, MOST_MODELS } from './kept-models.ts'
import { emptyBook, extendNumbers, OVERLAY_BASE } from './numbers.ts'
import type { CompiledModel, NumberBook } from './types.ts'

/** A pack as it lies in `seeds/`: its documents, each of which fits its schema, and the numbers they keep for ever. */
export interface PackSource {
  readonly key: string
  readonly version: string
  readonly requires: readonly string[]
  readonly documents: readonly LayerDocument[]
  readonly lock: NumberBook
}

/** What a revision stores. */
export interface RevisionContent {
  readonly packs: readonly { readonly key: string; readonly version: string }[]
  readonly overlay: readonly unknown[]
  readonly numbers: NumberBook
}

/** The outcome of putting packs and an overlay together. */
export interface Assembled {
  readonly checked: CheckedLayers
  readonly numbers: NumberBook
  readonly model: CompiledModel | null
  readonly problems: readonly Problem[]
}

export interface Models {
  /** The live model; a process that is behind `atLeast` loads before it answers. Throws MODEL_UNAVAILABLE. */
  current(tenantId: string, atLeast?: number): Promise<LiveModel>
  /** What is held of a tenant, however old; the live model where nothing is. */
  latest(tenantId: string): Promise<LiveModel>
  /** Told of a tenant's state by whoever read it at `lookedAt` (the process's own clock): what is held counts from then on, or is looked for anew. */
  noteState(tenantId: string, seen: LiveState, lookedAt: number): void
  /** Compiles named packs and stores them as revision 1 of a tenant that this transaction has just written. */
  install(connection: TenantConnection, tenantId: string, packs: readonly string[]): Promise<LiveModel>
  /** Puts packs and overlay documents together, with every problem. */
  assemble(content: RevisionContent): Assembled
  /** The same of what is live, or of packs alone: in slices between which others are served, and kept. */
  assembleLive(content: RevisionContent): Promise<Assembled>
  /** The same of a draft or a former revision, in the tenant's turn: only his latest is kept. Throws MODEL_BUSY. */
  assembleDraft(tenantId: string, content: RevisionContent): Promise<Assembled>
  /** Long work that a tenant's author waits for: in slices, one at a time of each tenant. Throws MODEL_BUSY where he has too many waiting. */
  aside<Result>(tenantId: string, steps: () => Steps<Result>): Promise<Result>
  /** The content of a stored revision, the live one if none is named. */
  content(connection: TenantConnection, revision?: number): Promise<RevisionContent & { readonly revision: number }>
  readonly packs: ReadonlyMap<string, PackSource>
  /** Drops what is kept of a tenant, so that the next request loads anew. */
  forget(tenantId: string): void
  /** How many tenants' models are held, how many different ones that is, and how often one was read and put together. */
  held(): { readonly tenants: number; readonly compiled: number; readonly loaded: number }
}

/** Tenants whose model does not compile that are remembered as told of. */
const MOST_TOLD = 1_000
/**
 * How old the last look at a tenant's revision may be. With 500 ms every process serves a new revision, and a field that has become ready,
 * well within a second. Where people ask, the look at their standing is a look at the model too: no statement is sent for this alone.
 */
const LOOK_MS = 500

/** Drafts kept per process, one of each tenant: whoever edits one asks for it again and again. */
const KEPT_DRAFTS = 20

interface Draft {
  readonly names: readonly string[]
  readonly made: Assembled
}

/** Drafts put together at once, each of another tenant; all of them together leave half of the thread to others. */
const AUTHORS_AT_ONCE = 2
/** Of one tenant more than these are not waited for. */
const AUTHORS_WAITING = 8

/** Makes the models of one process. */
export function createModels(parts: {
  readonly database: Database
  readonly packs: ReadonlyMap<string, PackSource>
  readonly log: Log
}): Models {
  const { database, packs, log } = parts
  const assembled = new Map<string, { readonly made: Assembled; readonly at: number }>()
  const kept = new KeptModels(forgetUnused)
  const drafts = new Map<string, Draft>()
  const assemblingLive = new Map<string, Promise<Assembled>>()
  const turns = new Turns({
    places: AUTHORS_AT_ONCE,
    each: 1,
    waiting: () => AUTHORS_WAITING,
    refusal: () => modelErrors.BUSY({}, { headers: { 'retry-after': '2' } }),
  })
  const looking = new Map<string, Promise<LiveModel>>()
  const told = new Map<string, number>()
  let loaded = 0

  function assemble(content: RevisionContent): Assembled {
    const names = [nameOf(content)]
    const made = assembled.get(names[0] ?? '')?.made ?? inOneGo(assembling(content, names))
    for (const name of names) remember(name, made)
    return made
  }

  async function assembleLive(content: RevisionContent): Promise<Assembled> {
    const name = nameOf(content)
    const running = assemblingLive.get(name)
    if (running !== undefined) return running
    // A draft that has been published is what was put together last.
    const known = assembled.get(name)?.made ?? [...drafts.values()].find(each => each.names.includes(name))?.made
    if (known !== undefined) {
      remember(name, known)
      return known
    }
    const names = [name]
    const mine = inSlices(assembling(content, names)).finally(() => assemblingLive.delete(name))
    assemblingLive.set(name, mine)
    const made = await mine
    for (const each of names) remember(each, made)
    return made
  }

  async function assembleDraft(tenantId: string, content: RevisionContent): Promise<Assembled> {
    const name = nameOf(content)
    const find = (): Assembled | undefined => {
      const draft = drafts.get(tenantId)
      return draft?.names.includes(name) === true ? draft.made : assembled.get(name)?.made
    }
    const known = find()
    if (known !== undefined) return known
    return turns.run(tenantId, async () => {
      // Two of one tenant are two of his people: the second finds what the first has made.
      const found = find()
      if (found !== undefined) return found
      const names = [name]
      const made = await inSlices(assembling(content, names), () => turns.taken)
      keepDraft(tenantId, { names, made })
      return made
    })
  }

  function keepDraft(tenantId: string, draft: Draft): void {
    drafts.delete(tenantId)
    drafts.set(tenantId, draft)
    const oldest = drafts.keys().next()
    if (drafts.size > KEPT_DRAFTS && oldest.done !== true) drafts.delete(oldest.value)
  }

  function remember(name: string, made: Assembled): void {
    const now = performance.now()
    assembled.delete(name)
    assembled.set(name, { made, at: now })
    forgetUnused(now)
  }

  /** What nobody's model has been for a while goes, the oldest first, and with it what it was made of. */
  function forgetUnused(now: number): void {
    for (const [known, { made: old, at }] of assembled) {
      const isOver = assembled.size > MOST_MODELS || now - at > IDLE_MS
      if (!isOver) return
      // While somebody is served by it, keeping it for his twins costs little.
      if (assembled.size <= 2 * MOST_MODELS && kept.isUsed(old.model)) continue
      assembled.delete(known)
    }
  }

  /** `names` gets what the same content is called with its new numbers in it, as it comes back once it is published. */
  function* assembling(content: RevisionContent, names: string[]): Steps<Assembled> {
    const sources = content.packs.map(each => requirePack(packs, each.key))
    const locks = sources.map(pack => pack.lock)
    const at = new Date().toISOString()
    // What tenants keep beyond their packs is theirs alone, so tenants without an overlay share all but their own numbers.
    if (content.overlay.length === 0 && Object.keys(content.numbers.entities).length > 0) {
      const bare = { ...content, numbers: emptyBook(OVERLAY_BASE) }
      const plain = assembled.get(nameOf(bare))?.made ?? (yield* assembling(bare, []))
      remember(nameOf(bare), plain)
      return { ...plain, numbers: extendNumbers(entitiesOf(plain.checked), locks, content.numbers, at).book }
    }
    const layers = [
      ...sources.map(pack => ({ name: pack.key, documents: pack.documents, fits: true })),
      { name: OVERLAY, documents: content.overlay },
    ]
    const checked = yield* checkLayersInSteps(layers, languageTools)
    if (checked.problems.length > 0) return { checked, numbers: content.numbers, model: null, problems: checked.problems }
    const numbered = extendNumbers(entitiesOf(checked), locks, content.numbers, at)
    yield
    const compiled = yield* compileInSteps(
      checked.documents.map(each => each.document),
      [...locks, numbered.book],
    )
    const problems = [...numbered.problems, ...(compiled.ok ? [] : compiled.problems)]
    const made = { checked, numbers: numbered.book, model: compiled.ok && problems.length === 0 ? compiled.model : null, problems }
    names.push(nameOf({ ...content, numbers: numbered.book }))
    return made
  }

  /** Looks at the tenant's revision and states, and loads only what differs from what is kept. */
  async function look(tenantId: string): Promise<LiveModel> {
    const lookedAt = performance.now()
    const known = kept.peek(tenantId)
    const found = await database.readAs(
      tenantId,
      async connection => {
        const state = await readState(connection)
        return { ...state, content: state.revision === known?.live.revision ? null : await readContent(connection, state.revision) }
      },
      'first',
    )
    if (found.content !== null) loaded += 1
    const states = JSON.stringify(found.building)
    const model = found.content === null ? known?.model : (await assembleLive(found.content)).model
    if (model === null || model === undefined) {
      // Told once per revision and process: every request of the tenant comes by here.
      if (told.size >= MOST_TOLD) told.clear()
      if (told.get(tenantId) !== found.revision)
        log.error('The metadata of a tenant does not compile, so nobody of it is let in: nexus doctor says where', { tenant_id: tenantId })
      told.set(tenantId, found.revision)
      throw modelErrors.UNAVAILABLE({})
    }
    const unchanged = known !== undefined && found.content === null && known.states === states
    const live = unchanged ? known.live : { revision: found.revision, ...markBuilding(model, found.building) }
    const latest = kept.peek(tenantId)
    // A look that began later has seen more; one that began before a publish of this process has seen too little.
    if (lookedAt >= (latest?.lookedAt ?? 0) && lookedAt >= (latest?.notBefore ?? 0))
      kept.set(tenantId, { live, model, states, lookedAt, notBefore: 0 }, lookedAt)
    return live
  }

  function lookOnce(tenantId: string): Promise<LiveModel> {
    const running = looking.get(tenantId)
    if (running !== undefined) return running
    const mine = look(tenantId).finally(() => {
      if (looking.get(tenantId) === mine) looking.delete(tenantId)
    })
    looking.set(tenantId, mine)
    return mine
  }

  return {
    packs,
    assemble,
    assembleLive,
    assembleDraft,
    aside: (tenantId, steps) => turns.run(tenantId, () => inSlices(steps(), () => turns.taken)),
    content: readContent,
    held: () => ({ tenants: kept.size, compiled: assembled.size, loaded }),
    forget(tenantId) {
      const known = kept.peek(tenantId)
      const now = performance.now()
      if (known !== undefined) kept.set(tenantId, { ...known, lookedAt: Number.NEGATIVE_INFINITY, notBefore: now }, now)
      looking.delete(tenantId)
    },
    async latest(tenantId) {
      return kept.ask(tenantId, performance.now())?.live ?? lookOnce(tenantId)
    },
    noteState(tenantId, seen, lookedAt) {
      const known = kept.peek(tenantId)
      if (known === undefined || lookedAt < known.lookedAt || lookedAt < known.notBefore) return
      const isSame = known.live.revision === seen.revision && known.states === JSON.stringify(seen.building)
      kept.set(tenantId, { ...known, lookedAt: isSame ? lookedAt : Number.NEGATIVE_INFINITY }, lookedAt)
    },
    async current(tenantId, atLeast = 0) {
      const now = performance.now()
      const known = kept.ask(tenantId, now)
      if (known !== undefined && known.live.revision >= atLeast && now - known.lookedAt < LOOK_MS) return known.live
      const seen = await lookOnce(tenantId)
      // A look that others had begun may be older than what the caller has seen.
      return seen.revision >= atLeast ? seen : lookOnce(tenantId)
    },
    async install(connection, tenantId, wanted) {
      const keys = withRequired(packs, wanted)
      const content: RevisionContent = {
        packs: keys.map(key => ({ key, version: requirePack(packs, key).version })),
        overlay: [],
        numbers: emptyBook(OVERLAY_BASE),
      }
      const { model, problems } = assemble(content)
      if (model === null) throw modelErrors.UNAVAILABLE({}, { errors: problems })
      await connection.execute({
        text: `insert into nexus.revision (tenant_id, revision, note, created_at, created_by, packs, overlay, numbers, diff) values ($1, 1, 'Installed', now(), null, $2, '[]', $3, '[]')`,
        values: [tenantId, JSON.stringify(content.packs), JSON.stringify(content.numbers)],
      })
      await connection.execute({
        text: 'update nexus.tenant set revision = 1, packs = $2 where id = $1',
        values: [tenantId, JSON.stringify(content.packs)],
      })
      return { model, revision: 1, building: new Set() }
    },
  }
}

/** Equal contents have equal names, in whatever order their members come out of JSONB. */
function nameOf({ packs, overlay, numbers }: RevisionContent): string {
  return createHash('sha256').update([packs, overlay, numbers].map(sortedText).join('\n')).digest('base64')
}

/** JSON with the members of each object in order; a replacer that sorts takes several times as long. */
function sortedText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(sortedText).join()}]`
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => (member === undefined ? '' : `${JSON.stringify(name)}:${sortedText(member)}`)).join()}}`
}

/** What decides which model is live: the revision, and which fields are still being filled. */
export type LiveState = { readonly revision: number; readonly building: readonly BuildingField[] }

/** SQL of the fields of the tenant that is parameter 1 which are still being filled, and whether a job computes them. */
export const BUILDING_SQL = `(select coalesce(json_agg(json_build_object('entityNo', s.entity_no, 'fieldNo', s.field_no, 'computing', j.id is not null) order by s.entity_no, s.field_no), '[]')
    from nexus.field_state s left join nexus.job j on j.tenant_id = s.tenant_id and j.id = s.job_id
      and jsonb_path_exists(j.payload, '$.passes[*] ? (@.entityNo == $entity).fields[*] ? (@.no == $field && @.compute == true)',
        jsonb_build_object('entity', s.entity_no, 'field', s.field_no))
    where s.tenant_id = $1 and s.state = 'building')`

async function readState(connection: TenantConnection): Promise<LiveState> {
  const [row] = await connection.run<LiveState>({
    name: 'live_state',
    text: `select t.revision, ${BUILDING_SQL} as building from nexus.tenant t where t.id = $1`,
    values: [connection.tenantId],
  })
  if (row === undefined) throw modelErrors.UNAVAILABLE({})
  return row
}

function entitiesOf(checked: CheckedLayers): Entity[] {
  return checked.documents.map(each => each.document).filter(document => document.kind === 'entity')
}

async function readContent(connection: TenantConnection, revision?: number): Promise<RevisionContent & { readonly revision: number }> {
  const [row] = await connection.run<{ revision: number; packs: RevisionContent['packs']; overlay: unknown[]; numbers: NumberBook }>({
    text: `select r.revision, r.packs, r.overlay, r.numbers from nexus.revision r where r.tenant_id = $1 and r.revision = coalesce($2::int, (select t.revision from nexus.tenant t where t.id = $1))`,
    values: [connection.tenantId, revision ?? null],
  })
  if (row === undefined) throw modelErrors.UNAVAILABLE({})
  return row
}

/** The named packs with what they require below them. */
function withRequired(packs: ReadonlyMap<string, PackSource>, wanted: readonly string[]): string[] {
  const order: string[] = []
  const visit = (key: string): void => {
    if (order.includes(key)) return
    for (const below of requirePack(packs, key).requires) visit(below)
    order.push(key)
  }
  for (const key of ['core', ...wanted]) visit(key)
  return order
}

function requirePack(packs: ReadonlyMap<string, PackSource>, key: string): PackSource {
  const pack = packs.get(key)
  if (pack === undefined) throw modelErrors.UNKNOWN_PACK({ pack: key, known: [...packs.keys()] })
  return pack
}
