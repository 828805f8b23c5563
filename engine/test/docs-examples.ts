/** Reads the examples of a page: requests with the answers that follow them, shell blocks, and programs. Sends nothing. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './source-files.ts'

/** A JSON block under an address, and the block after it. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly status: number
  readonly answer: unknown
}

interface Block {
  readonly language: string
  readonly rest: string
  readonly text: string
}

/** Requests of a page, in order. Throws for one without an answer. */
export function readExchanges(page: string): Exchange[] {
  const blocks = readBlocks(page).filter(block => block.language === 'json' && block.rest !== '')
  return blocks.flatMap((block, index) => {
    const [, method, path] = /^(POST|GET) (\S+)$/.exec(block.rest) ?? []
    if (method === undefined || path === undefined) return []
    const next = blocks[index + 1]
    if (next === undefined || !/^\d{3}$/.test(next.rest)) throw new Error(`${page}: ${block.rest} has no answer after it.`)
    return [{ method, path, body: JSON.parse(block.text), status: Number(next.rest), answer: JSON.parse(next.text) }]
  })
}

/** Shell blocks of a page that call the engine, by curl or by a function that the page makes of it. */
export function readShellBlocks(page: string): string[] {
  return readBlocks(page)
    .filter(block => block.language === 'sh' && /^\s*(?:\w+=\$\(|put\(\) \{ )?curl |^put \w+\//m.test(block.text))
    .map(block => block.text)
}

/** Programs of a page: blocks of TypeScript that name the file they are. */
export function readPrograms(page: string): { readonly name: string; readonly text: string }[] {
  return readBlocks(page)
    .filter(block => block.language === 'ts' && /^[\w-]+\.ts$/.test(block.rest))
    .map(({ rest, text }) => ({ name: rest, text }))
}

function readBlocks(page: string): Block[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```(\w+)(?: (.+))?\n([\s\S]*?)^```$/gm)].map(found => ({
    language: found[1] ?? '',
    rest: (found[2] ?? '').trim(),
    text: found[3] ?? '',
  }))
}

/** Whether an answer is as a page shows it: members that the page leaves out may be there, `…` stands for anything. */
export function isAsShown(shown: unknown, actual: unknown): boolean {
  if (shown === '…') return actual !== undefined && actual !== null
  if (Array.isArray(shown)) {
    return Array.isArray(actual) && actual.length === shown.length && shown.every((each, index) => isAsShown(each, actual[index]))
  }
  if (typeof shown !== 'object' || shown === null) return shown === actual
  if (typeof actual !== 'object' || actual === null) return false
  return Object.entries(shown).every(([name, value]) => isAsShown(value, (actual as Readonly<Record<string, unknown>>)[name]))
}
