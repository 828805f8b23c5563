/**
 * Golden cases of the language: one folder per case in metadata/cases, documents in, what comes of them out.
 * Knows the folders only; what is done with the documents is the caller's.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RawLayer } from '../../../metadata/check-layers.ts'

const CASES = join(import.meta.dirname, '../../../metadata/cases')

/** One case: its name, its layers, and where the expected outcome stands. */
export interface GoldenCase {
  readonly name: string
  readonly layers: readonly RawLayer[]
  readonly expected: string
}

/** The cases of a group in alphabetical order; documents without layers are those of one pack called sales. */
export function readCases(group: string, outcome: string): GoldenCase[] {
  const folder = join(CASES, group)
  return readdirSync(folder)
    .sort()
    .map(name => {
      const content: RawLayer['documents'] | { layers: RawLayer[] } = JSON.parse(readFileSync(join(folder, name, 'documents.json'), 'utf8'))
      const layers = 'layers' in content ? content.layers : [{ name: 'sales', documents: content }]
      return { name, layers, expected: join(folder, name, outcome) }
    })
}

/** The text of an expected outcome. */
export function goldenText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
