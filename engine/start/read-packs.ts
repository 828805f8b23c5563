/**
 * The packs of the checkout as the engine takes them. Remembers in the data folder which documents were found to fit the language, so that
 * a start does not spend 0.3 s on finding it again. Knows nothing of what packs say.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadPack } from '../../seeds/load.ts'
import type { PackSource } from '../model/index.ts'

const PACKS = ['core', 'sales']

/** Packs by key; one without a lock has no numbers and can not be installed. `fittingFile` keeps the sums of what was checked. */
export async function readPacks(folder: string, fittingFile?: string): Promise<Map<string, PackSource>> {
  const known = fittingFile === undefined ? [] : readSums(fittingFile)
  const fitting = new Set(known)
  const packs = new Map<string, PackSource>()
  for (const key of PACKS) {
    const { pack, documents, lock } = await loadPack(join(folder, key), fitting)
    if (lock === null) throw new Error(`The pack ${key} has no pack.lock.json: run npm run generate.`)
    packs.set(key, { key, version: pack.version, requires: Object.keys(pack.requires ?? {}), documents, lock })
  }
  const fresh = [...fitting].filter(sum => !known.includes(sum))
  if (fittingFile !== undefined && fresh.length > 0) keepSums(fittingFile, fresh)
  return packs
}

function readSums(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}

/** Only what was checked just now: what earlier versions of the packs were is of no use. */
function keepSums(file: string, sums: readonly string[]): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${sums.join('\n')}\n`)
}
