/**
 * Reads JSON strictly: what two readers could understand differently, or a later store could not hold, is refused with its place.
 * Knows no route, no schema and no limit on bytes.
 */
import type { JsonValue } from '../../metadata/generated/types.ts'
import { type Problem, pointerOf } from '../../metadata/problem.ts'
import { said, type Said, words } from '../../metadata/said.ts'

/** The outcome of reading a text: its value, or the first thing wrong with it. */
export type ParsedJson = { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly problem: Problem }

/** How deep arrays and objects may nest when nothing else is said. */
export const JSON_DEPTH = 32

/** Reads one JSON text; duplicate names, `__proto__`, too deep nesting, numbers beyond range and broken Unicode are refused. */
export function parseJson(text: string, depth = JSON_DEPTH): ParsedJson {
  let value: JsonValue
  try {
    value = JSON.parse(text)
  } catch (error) {
    return refuse('JSON_SYNTAX', syntaxMessage(text, error), '', syntaxPosition(text, error))
  }
  const problem = findFault(text, depth)
  return problem === null ? { ok: true, value } : { ok: false, problem }
}

function refuse(code: string, message: Said, pointer: string, position: number, hint?: Said): { ok: false; problem: Problem } {
  return { ok: false, problem: said({ pointer, code, params: { position } }, message, hint) }
}

function syntaxPosition(text: string, error: unknown): number {
  const found = error instanceof Error ? / at position (\d+)/.exec(error.message) : null
  return found?.[1] === undefined ? text.length : Number(found[1])
}

function syntaxMessage(text: string, error: unknown): Said {
  if (text.trim() === '') return words('There is no JSON here.')
  const position = syntaxPosition(text, error)
  if (position >= text.length) return words('The JSON ends too early.')
  const line = text.slice(0, position).split('\n').length
  const column = position - text.lastIndexOf('\n', position - 1)
  return words('This is not JSON: unexpected character in line {line}, column {column}.', { line, column })
}

interface Level {
  /** Names seen so far; null inside an array. */
  readonly names: Set<string> | null
  place: string | number
}

/** Walks a text that JSON.parse has accepted, so that only what it tolerates must be looked for. */
function findFault(text: string, depth: number): Problem | null {
  const levels: Level[] = []
  const pointer = () => pointerOf(...levels.map(level => level.place))
  let expectsName = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    const level = levels.at(-1)
    if (char === QUOTE) {
      const end = endOfString(text, at)
      const plain = text.slice(at + 1, end)
      const content: string = plain.includes('\\') ? JSON.parse(text.slice(at, end + 1)) : plain
      if (expectsName && level?.names) {
        const fault = faultOfName(content, level.names)
        if (fault !== null)
          return refuse(fault.code, fault.message, pointerOf(...levels.slice(0, -1).map(l => l.place), content), at).problem
        level.names.add(content)
        level.place = content
        expectsName = false
      }
      if (content.includes('\0') || !content.isWellFormed())
        return refuse('JSON_INVALID_TEXT', words('A text holds a character that can not be stored.'), pointer(), at).problem
      at = end
    } else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
      if (levels.length === depth)
        return refuse('JSON_TOO_DEEP', words('The JSON is nested deeper than {depth} levels.', { depth }), pointer(), at).problem
      levels.push(char === OPEN_OBJECT ? { names: new Set(), place: '' } : { names: null, place: 0 })
      expectsName = char === OPEN_OBJECT
    } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) {
      levels.pop()
      expectsName = false
    } else if (char === COMMA) {
      if (typeof level?.place === 'number') level.place++
      else expectsName = true
    } else if (char === MINUS || (char >= ZERO && char <= NINE)) {
      const end = endOfNumber(text, at)
      if (!Number.isFinite(Number(text.slice(at, end))))
        return refuse('JSON_NUMBER_RANGE', words('A number is too large.'), pointer(), at, words('Exact large numbers travel as text.'))
          .problem
      at = end - 1
    }
  }
  return null
}

function faultOfName(name: string, seen: ReadonlySet<string>): { code: string; message: Said } | null {
  if (seen.has(name)) return { code: 'JSON_DUPLICATE_KEY', message: words('The name “{name}” stands twice in one object.', { name }) }
  if (name === '__proto__') return { code: 'JSON_FORBIDDEN_KEY', message: words('The name “{name}” is not allowed.', { name }) }
  return null
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const COMMA = 0x2c
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39

function endOfString(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    const end = text.indexOf('"', at)
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return end
    at = end + 1
  }
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && NUMBER_PART.has(text.charCodeAt(at))) at++
  return at
}

const NUMBER_PART: ReadonlySet<number> = new Set([...'0123456789.eE+-'].map(char => char.charCodeAt(0)))
