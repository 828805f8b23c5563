/**
 * The live model of every tenant in this process: loaded by revision, compiled once, shared by reference where the documents are equal.
 * Knows the revision tables; never decides what a document may say.
 */
import { createHash } from 'node:crypto'
import type { MetadataDocument } from '../../metadata/generated/types.ts'
import { checkLayers, type CheckedLayers } from '../../metadata/check-layers.ts'
import type { Problem } from '../../metadata/problem.ts'
import { languageTools } from '../kernel/schema.ts'
import type { Log } from '../kernel/log.ts'
import type { Database, TenantConnection } from '../platform/types.ts'
import { compileModel } from './compile.ts'
import { modelErrors } from './errors.ts'
import { emptyBook, extendNumbers, OVERLAY_BASE } from './numbers.ts'
import type { CompiledModel, NumberBook } from './types.ts'

/** A pack as it lies in `seeds/`: its documents as they were read, and the numbers they keep for ever. */
export interface PackSource {
  readonly key: string
  readonly version: string
  readonly requires: readonly string[]
  readonly documents: readonly unknown[]
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

export interface LiveModel {
  readonly model: CompiledModel
  readonly revision: number
  readonly building: ReadonlySet<string>
}

export interface Models {
  /** The live model; a process that is behind `atLeast` loads before it answers. Throws MODEL_UNAVAILABLE. */
  current(tenantId: string, atLeast?: number): Promise<LiveModel>
  /** Compiles named packs and stores them as revision 1 of a tenant that this transaction has just written. */
  install(connection: TenantConnection, tenantId: string, packs: readonly string[]): Promise<LiveModel>
  /** Puts packs and overlay documents together, with every problem: what check and publish do. */
  assemble(content: RevisionContent): Assembled
  /** The content of a stored revision, the live one if none is named. */
  content(connection: TenantConnection, revision?: number): Promise<RevisionContent & { readonly revision: number }>
  readonly packs: ReadonlyMap<string, PackSource>
  /** Drops what is kept of a tenant, so that the next request loads anew. */
  forget(tenantId: string): void
}

/** Compiled models kept per process; a tenant without overlay costs a pointer. */
const KEPT_MODELS = 500

/** Makes the models of one process. */
export function createModels(parts: { readonly database: Database; readonly packs: ReadonlyMap<string, PackSource>; readonly log: Log }): Models {
  const { database, packs } = parts
  const assembled = new Map<string, Assembled>()
  const live = new Map<string, LiveModel>()
  const loading = new Map<string, Promise<LiveModel>>()

  function assemble(content: RevisionContent): Assembled {
    const hash = createHash('sha256').update(JSON.stringify([content.packs, content.overlay, content.overlay.length === 0 ? null : content.numbers])).digest('base64')
    const known = assembled.get(hash)
    if (known !== undefined) {
      assembled.delete(hash)
      assembled.set(hash, known)
      return known
    }
    const made = assembleFresh(content)
    assembled.set(hash, made)
    const oldest = assembled.keys().next()
    if (assembled.size > KEPT_MODELS && oldest.done !== true) assembled.delete(oldest.value)
    return made
  }

  function assembleFresh(content: RevisionContent): Assembled {
    const sources = content.packs.map(each => requirePack(packs, each.key))
    const layers = [...sources.map(pack => ({ name: pack.key, documents: pack.documents })), { name: 'overlay', documents: content.overlay }]
    const checked = checkLayers(layers, languageTools)
    if (checked.problems.length > 0) return { checked, numbers: content.numbers, model: null, problems: checked.problems }
    const documents: MetadataDocument[] = checked.documents.map(each => each.document)
    const entities = documents.filter(document => document.kind === 'entity')
    const locks = sources.map(pack => pack.lock)
    const numbered = extendNumbers(entities, locks, content.numbers, new Date().toISOString())
    const compiled = compileModel(documents, [...locks, numbered.book])
    const problems = [...numbered.problems, ...(compiled.ok ? [] : compiled.problems)]
    return { checked, numbers: numbered.book, model: compiled.ok && problems.length === 0 ? compiled.model : null, problems }
  }

  async function load(tenantId: string): Promise<LiveModel> {
    const found = await database.readAs(tenantId, async connection => {
      const content = await readContent(connection)
      const building = await connection.run<{ entity_no: number; field_no: number }>({ text: "select entity_no, field_no from nexus.field_state where tenant_id = $1 and state = 'building'", values: [tenantId] })
      return { content, building }
    })
    const { model } = assemble(found.content)
    if (model === null) throw modelErrors.UNAVAILABLE({})
    const building = new Set(found.building.flatMap(each => {
      const entity = model.entitiesByNo.get(each.entity_no)
      const field = entity?.fieldsByNo.get(String(each.field_no))
      return entity === undefined || field === undefined ? [] : [`${entity.key}.${field.key}`, `${entity.key}.${field.key}_base`]
    }))
    const loaded = { model, revision: found.content.revision, building }
    live.set(tenantId, loaded)
    return loaded
  }

  return {
    packs,
    assemble,
    content: readContent,
    forget: tenantId => void live.delete(tenantId),
    async current(tenantId, atLeast = 0) {
      const known = live.get(tenantId)
      if (known !== undefined && known.revision >= atLeast && known.building.size === 0) return known
      const running = loading.get(tenantId) ?? load(tenantId).finally(() => loading.delete(tenantId))
      loading.set(tenantId, running)
      return running
    },
    async install(connection, tenantId, wanted) {
      const keys = withRequired(packs, wanted)
      const content: RevisionContent = { packs: keys.map(key => ({ key, version: requirePack(packs, key).version })), overlay: [], numbers: emptyBook(OVERLAY_BASE) }
      const { model, problems } = assemble(content)
      if (model === null) throw modelErrors.UNAVAILABLE({}, { errors: problems })
      await connection.execute({
        text: `insert into nexus.revision (tenant_id, revision, note, created_at, created_by, packs, overlay, numbers, diff) values ($1, 1, 'Installed', now(), null, $2, '[]', $3, '[]')`,
        values: [tenantId, JSON.stringify(content.packs), JSON.stringify(content.numbers)],
      })
      await connection.execute({ text: 'update nexus.tenant set revision = 1, packs = $2 where id = $1', values: [tenantId, JSON.stringify(content.packs)] })
      return { model, revision: 1, building: new Set() }
    },
  }
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
