/**
 * Makes rows of one tenant those of another, in Postgres's text format: what a row says of its tenant, and what is computed from it.
 * Ids of records stay, for they are the tenant's own. Pure.
 */
import { trigramHashes } from '../sql/index.ts'
import type { SectionHead } from './format.ts'

/** Gives whole lines as they are for the other tenant. */
export type Rewrite = (lines: Buffer) => Buffer

/** How rows of a section become those of `tenantId`; `texts` replaces whole columns. */
export function rewriteFor(section: SectionHead, tenantId: string, texts: Readonly<Record<string, string>> = {}): Rewrite {
  const at = (column: string): number => section.columns.indexOf(column)
  const replaced = Object.entries({ [section.table === 'tenant' ? 'id' : 'tenant_id']: tenantId, ...texts }).map(
    ([column, text]) => [at(column), escape(text)] as const,
  )
  const search = section.table === 'record_search' ? { entity: at('entity_no'), field: at('field_no'), s: at('s'), g: at('g') } : null
  return lines =>
    Buffer.from(
      lines
        .toString('utf8')
        .split('\n')
        .map(line => {
          if (line === '') return line
          const cells = line.split('\t')
          for (const [index, text] of replaced) cells[index] = text
          if (search !== null) {
            const { entity, field, s, g } = search
            const grams = trigramHashes(tenantId, Number(cells[entity]), cells[field] ?? '', unescape(cells[s] ?? ''))
            cells[g] = `{${grams.join(',')}}`
          }
          return cells.join('\t')
        })
        .join('\n'),
    )
}

const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }
const SPELLED: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(LETTERS).map(([letter, char]) => [char, letter]))

/** A text as a cell of the format. */
export function escape(text: string): string {
  return text.replaceAll(/[\\\b\f\n\r\t\v]/g, char => `\\${SPELLED[char] ?? char}`)
}

/** The text of a cell. */
export function unescape(cell: string): string {
  return cell.replaceAll(/\\(.)/gs, (_, letter: string) => LETTERS[letter] ?? letter)
}
