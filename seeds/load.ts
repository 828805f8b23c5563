/**
 * Reads packs from disk and brings demo data in by the same faces as a user: no back door, no SQL.
 * Knows documents and symbolic references; who creates records, and as whom, is the door's business.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseJson } from '../engine/kernel/json.ts'
import { languageTools } from '../engine/kernel/schema.ts'
import type { NumberBook } from '../engine/model/types.ts'
import { checkDocument } from '../metadata/check-document.ts'
import { metadataSchema } from '../metadata/generated/schemas.ts'
import type { DocumentKind, LayerDocument, Pack } from '../metadata/generated/types.ts'
import { type DemoData, isRef, type SeedBatch, type SeedUser } from './sales/demo/records.ts'

/** A pack as it lies on disk: what it is, its documents in a fixed order, its numbers (null until they are first given). */
export interface LoadedPack {
  readonly pack: Pack
  readonly documents: readonly LayerDocument[]
  readonly lock: NumberBook | null
}

const LOCK_FILE = 'pack.lock.json'
/** Kinds in the order in which they build on each other. */
const KINDS: readonly DocumentKind[] = [
  'pack',
  'entity',
  'access_profile',
  'role',
  'query_policy',
  'layout',
  'view',
  'navigation',
  'import_map',
]

/**
 * Reads a pack's folder. Throws with every problem when a document does not fit its meta-schema. Documents whose sum is among those that were
 * found to fit before are not checked again; a new sum is added.
 */
export async function loadPack(folder: string, fitting: Set<string> = new Set()): Promise<LoadedPack> {
  const read = await readDocuments(folder)
  const sum = sumOf(read)
  if (!fitting.has(sum)) requireFit(folder, read)
  fitting.add(sum)
  const documents = read.map(each => each.document as LayerDocument).sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
  const pack = documents.find((document): document is Pack => document.kind === 'pack' && !('extends' in document))
  if (pack === undefined) throw new Error(`There is no pack.json in ${folder}.`)
  const lock = await readFile(join(folder, LOCK_FILE), 'utf8').catch(noneIfMissing)
  return { pack, documents, lock: lock === null ? null : (JSON.parse(lock) as NumberBook) }
}

interface ReadDocument {
  readonly file: string
  readonly document: unknown
}

async function readDocuments(folder: string): Promise<ReadDocument[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = found
    .filter(file => file.isFile() && file.name.endsWith('.json') && file.name !== LOCK_FILE)
    .map(file => join(file.parentPath, file.name))
    .sort()
  return Promise.all(files.map(async file => ({ file: relative(folder, file), document: await readJson(file) })))
}

function noneIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

function requireFit(folder: string, read: readonly ReadDocument[]): void {
  const problems = read.flatMap(({ file, document }) =>
    checkDocument(document, languageTools.validate).map(problem => `${file}${problem.pointer}: ${problem.message}`),
  )
  if (problems.length > 0) throw new Error(`The pack in ${folder} has documents that do not fit:\n${problems.join('\n')}`)
}

/** Of documents and meta-schemas together: a fit is between the two. */
function sumOf(read: readonly ReadDocument[]): string {
  return createHash('sha256')
    .update(JSON.stringify([metadataSchema, read.map(each => each.document)]))
    .digest('hex')
}

async function readJson(file: string): Promise<unknown> {
  const parsed = parseJson(await readFile(file, 'utf8'))
  if (!parsed.ok) throw new Error(`${file}: ${parsed.problem.message}`)
  return parsed.value
}

/** What demo data needs of the engine: to create records and people as one named caller. */
export interface SeedDoor {
  /**
   * Creates the records in one transaction and answers their ids in order. Values are what a client would post; `refs` are the names the data
   * knows them by, for a door that finds again what an earlier run has made.
   */
  createMany(entity: string, records: readonly Readonly<Record<string, unknown>>[], refs: readonly string[]): Promise<readonly string[]>
  /** Creates people with their roles and answers their ids in order; `values` are further fields of the user record. */
  createUsers(users: readonly DoorUser[]): Promise<readonly string[]>
}

/** A person whose references have become ids. */
export type DoorUser = Omit<SeedUser, 'ref' | 'org_unit_id'> & { readonly org_unit_id: string | null }

/** Records per transaction: 500 keep a write below a second and a failure small. */
const CHUNK = 500

/** Creates everything in order; answers how many records of each entity there are now. `tell` hears the same as it grows, and by how much. */
export async function seedTenant(
  door: SeedDoor,
  data: DemoData,
  tell: (entity: string, count: number, more: number) => void = () => {},
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, string>()
  const counts = new Map<string, number>()
  const count = (entity: string, more: number): void => {
    counts.set(entity, (counts.get(entity) ?? 0) + more)
    tell(entity, counts.get(entity) ?? 0, more)
  }
  const keep = (refs: readonly string[], made: readonly string[]): void => {
    if (made.length !== refs.length) throw new Error(`${refs.length} records were to be created and ${made.length} were.`)
    for (const [index, ref] of refs.entries()) ids.set(ref, made[index] ?? '')
  }
  const create = async (batch: SeedBatch): Promise<void> => {
    for (let start = 0; start < batch.records.length; start += CHUNK) {
      const chunk = batch.records.slice(start, start + CHUNK)
      const refs = chunk.map(record => record.ref)
      const values = chunk.map(record => resolve(record.values, ids) as Record<string, unknown>)
      keep(refs, await door.createMany(batch.entity, values, refs))
      count(batch.entity, chunk.length)
    }
  }
  for (const batch of data.units) await create(batch)
  for (const wave of wavesOf(data.users)) {
    keep(
      wave.map(user => user.ref),
      await door.createUsers(wave.map(({ ref: _ref, ...user }) => resolve(user, ids) as DoorUser)),
    )
    count('user', wave.length)
  }
  for (const batch of data.batches) await create(batch)
  return counts
}

/** People in groups: each group names only people of earlier ones. */
function wavesOf(users: readonly SeedUser[]): SeedUser[][] {
  const waves: SeedUser[][] = []
  const depths = new Map<string, number>()
  for (const user of users) {
    const named = Object.values(user.values).flatMap(value =>
      isRef(value) && value.ref.startsWith('user/') ? [depths.get(value.ref) ?? 0] : [],
    )
    const depth = named.length === 0 ? 0 : Math.max(...named) + 1
    depths.set(user.ref, depth)
    ;(waves[depth] ??= []).push(user)
  }
  return waves
}

function resolve(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (isRef(value)) {
    const id = ids.get(value.ref)
    if (id === undefined) throw new Error(`“${value.ref}” is named before it is created.`)
    return id
  }
  if (Array.isArray(value)) return value.map(each => resolve(each, ids))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each, ids)]))
}
