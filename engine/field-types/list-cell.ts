/**
 * Several texts in one cell: `a; b; c`, with quotation marks around a text that holds a separator itself.
 * Knows no field.
 */
import { type Refusal, refuse } from './refusal.ts'

const SEPARATORS = [';', '\n', ',']

/** The texts of a cell, trimmed. Without a given separator it is the semicolon, else the line break, else the comma, whichever is there. */
export function splitCell(cell: string, separator?: string): { readonly ok: true; readonly texts: string[] } | Refusal {
  const plain = cell.replaceAll(/"(?:[^"]|"")*"/g, '')
  const between = separator ?? SEPARATORS.find(each => plain.includes(each)) ?? ';'
  const texts: string[] = []
  let at = 0
  for (;;) {
    while (cell[at] === ' ' && !cell.startsWith(between, at)) at += 1
    const quoted = cell[at] === '"'
    const end = quoted ? endOfQuoted(cell, at) : indexOr(cell, between, at)
    if (end === null) return refuse('VALIDATE_CELL_LIST', { text: cell })
    texts.push(quoted ? cell.slice(at + 1, end).replaceAll('""', '"') : cell.slice(at, end).trim())
    const next = quoted ? indexOr(cell, between, end + 1) : end
    if (quoted && cell.slice(end + 1, next).trim() !== '') return refuse('VALIDATE_CELL_LIST', { text: cell })
    if (next === cell.length) return { ok: true, texts }
    at = next + between.length
  }
}

/** Writes texts so that `splitCell` with the same separator reads them back. */
export function joinCell(texts: readonly string[], separator?: string): string {
  const between = separator ?? ';'
  const special = separator === undefined ? SEPARATORS : [separator]
  const spaced = between === ';' || between === ',' ? `${between} ` : between
  return texts.map(text => (needsQuotes(text, special) ? `"${text.replaceAll('"', '""')}"` : text)).join(spaced)
}

function needsQuotes(text: string, separators: readonly string[]): boolean {
  return (
    text.includes('"') ||
    text !== text.trim() ||
    separators.some(separator => text.includes(separator) || separator.includes(text.slice(-1)))
  )
}

function endOfQuoted(cell: string, start: number): number | null {
  for (let at = start + 1; at < cell.length; at += 1) {
    if (cell[at] !== '"') continue
    if (cell[at + 1] !== '"') return at
    at += 1
  }
  return null
}

function indexOr(cell: string, text: string, from: number): number {
  const at = cell.indexOf(text, from)
  return at < 0 ? cell.length : at
}
