/**
 * Reads query parameters strictly: each name once, no escapes that mean nothing, values by the one spelling their schema asks for.
 * A parameter is text unless its schema says `integer` (no sign but minus, no leading zeros), `boolean` (true or false),
 * or `contentMediaType: application/json` (JSON, read as strictly as a body). Pure; knows no route.
 */
import { parseJson } from '../kernel/json.ts'
import { type JsonSchema, validatorOf } from '../kernel/schema.ts'
import type { Locale } from '../kernel/context.ts'
import { pointerOf } from '../../metadata/problem.ts'
import { httpErrors } from './errors.ts'
import { titleIn } from './titles.ts'

// More names than any route has.
const MOST_PARAMETERS = 50

/** The parameters of a query string as names and texts, in order. Throws HTTP_QUERY_MALFORMED. */
export function parseQueryString(text: string): Map<string, string> {
  const found = new Map<string, string>()
  if (text === '') return found
  for (const pair of text.split('&')) {
    const cut = pair.indexOf('=')
    const name = decode(cut < 0 ? pair : pair.slice(0, cut), pair)
    if (name === '' || found.has(name) || found.size === MOST_PARAMETERS) throw httpErrors.QUERY_MALFORMED({ name: shown(name) })
    found.set(name, decode(cut < 0 ? '' : pair.slice(cut + 1), name))
  }
  return found
}

function decode(text: string, name: string): string {
  try {
    const plain = decodeURIComponent(text.replaceAll('+', ' '))
    if (plain.includes('\0')) throw new URIError('NUL')
    return plain
  } catch {
    throw httpErrors.QUERY_MALFORMED({ name: shown(name) })
  }
}

function shown(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name
}

const NO_PARAMETERS: JsonSchema = { type: 'object', additionalProperties: false, properties: {} }

/** The values of a route's parameters, as its schema says. Throws HTTP_QUERY_MALFORMED or, with a pointer per parameter, HTTP_QUERY_INVALID. */
export function readQuery(text: string, schema: JsonSchema = NO_PARAMETERS, locale: Locale): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = Object.create(null)
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>
  for (const [name, value] of parseQueryString(text)) {
    values[name] = Object.hasOwn(properties, name) ? valueOf(value, properties[name] ?? {}, name) : value
  }
  const problems = validatorOf(schema)(values, { locale, titleIn })
  if (problems.length > 0) throw httpErrors.QUERY_INVALID({ count: problems.length }, { errors: problems })
  return values
}

/** Text that is not in the canonical spelling stays text, for the schema to refuse. */
function valueOf(text: string, schema: JsonSchema, name: string): unknown {
  if (schema['type'] === 'integer') return /^(?:0|-?[1-9][0-9]{0,14})$/.test(text) ? Number(text) : text
  if (schema['type'] === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (schema['contentMediaType'] !== 'application/json') return text
  const json = parseJson(text)
  if (json.ok) return json.value
  throw httpErrors.QUERY_MALFORMED({ name }, { errors: [{ ...json.problem, pointer: pointerOf(name) + json.problem.pointer }] })
}
