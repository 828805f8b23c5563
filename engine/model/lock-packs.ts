/**
 * Writes `pack.lock.json` of every pack: numbers and slots of its entities, given once, append-only (storage: numbers).
 * Run by `npm run generate`; a test fails when a lock does not cover its pack. Knows the folder layout of packs and nothing else of them.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkLayers } from '../../metadata/check-layers.ts'
import type { Entity, LayerDocument } from '../../metadata/generated/types.ts'
import { languageTools } from '../kernel/schema.ts'
import { extendNumbers } from './numbers.ts'
import type { NumberBook } from './types.ts'

/** Numbers of packs stand in steps of this, in the order in which packs require each other; overlays begin at ten of them. */
const PACK_STEP = 1_000

/** A pack folder as far as numbering reads it. */
export interface PackFolder {
  readonly key: string
  /** As written: numbering checks them. */
  readonly documents: readonly LayerDocument[]
  readonly lock: NumberBook | null
}

/** The books of packs, lowest first, extended by whatever has no number yet. Throws with every problem of the documents. */
export function lockPacks(packs: readonly PackFolder[]): Map<string, NumberBook> {
  const books = new Map<string, NumberBook>()
  for (const [index, pack] of packs.entries()) {
    const layers = packs.slice(0, index + 1).map(each => ({ name: each.key, documents: each.documents }))
    const checked = checkLayers(layers, languageTools)
    if (checked.problems.length > 0)
      throw new Error(
        `Pack ${pack.key} has problems:\n${checked.problems.map(each => `  ${each.document?.kind} ${each.document?.key} ${each.pointer} ${each.message}`).join('\n')}`,
      )
    const entities = checked.documents.map(each => each.document).filter((each): each is Entity => each.kind === 'entity')
    const numbered = extendNumbers(entities, [...books.values()], pack.lock ?? { base: index * PACK_STEP, entities: {} }, '')
    if (numbered.problems.length > 0)
      throw new Error(numbered.problems.map(each => `${each.document?.key} ${each.pointer} ${each.message}`).join('\n'))
    books.set(pack.key, numbered.book)
  }
  return books
}

/** Reads a pack's documents and lock; documents are every JSON file of its folders but the demo data. */
export function readPackFolder(folder: string, key: string): PackFolder {
  const documents = readdirSync(join(folder, key), { withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name !== 'demo' && entry.name !== 'translations')
    .flatMap(entry =>
      readdirSync(join(folder, key, entry.name))
        .filter(name => name.endsWith('.json'))
        .sort()
        .map(name => readJson(join(folder, key, entry.name, name)) as LayerDocument),
    )
  const lockFile = join(folder, key, 'pack.lock.json')
  return {
    key,
    documents: [readJson(join(folder, key, 'pack.json')) as LayerDocument, ...documents],
    lock: existsSync(lockFile) ? (readJson(lockFile) as NumberBook) : null,
  }
}

/** Writes the lock files of the packs in `folder`, in the order given. */
export function writeLocks(folder: string, keys: readonly string[]): void {
  for (const [key, book] of lockPacks(keys.map(each => readPackFolder(folder, each))))
    writeFileSync(join(folder, key, 'pack.lock.json'), `${JSON.stringify(book, null, 1)}\n`)
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
