/**
 * Takes a refusal at its word: leaves out of a request what its problems point at, adds what they miss, names the version they tell of. What any
 * client may do that knows the document and reads problems. Knows no server.
 */
import fc from 'fast-check'
import type { Asked } from './asked-operations.ts'
import type { GivenAnswer } from './described-api.ts'
import { type Schema, valuesOf, type ValueSource } from './schema-values.ts'

interface Told {
  readonly pointer: string
  readonly code: string
}

/** The request without what was said against it; null where nothing can be done about it. */
export function mendedRequest(asked: Asked, answer: GivenAnswer, source: ValueSource): Asked | null {
  const { errors = [], version } = (answer.json ?? {}) as { errors?: readonly Told[]; version?: number }
  const { body, value, operation } = asked
  if (body === null || typeof value !== 'object' || value === null) return null
  const schema = follow(operation.body.get(body.type), source)
  const changed = structuredClone(value) as Record<string, unknown>
  let isChanged = false
  for (const operation of version === undefined ? [] : ((changed['operations'] ?? []) as Record<string, unknown>[])) {
    if (operation['version'] === undefined || operation['version'] === version) continue
    operation['version'] = version
    isChanged = true
  }
  for (const { pointer, code } of errors) {
    const path = pointer.split('/').slice(1)
    const last = path.at(-1)
    const holder = path.slice(0, -1).reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], changed)
    if (last === undefined || typeof holder !== 'object' || holder === null || Array.isArray(holder)) continue
    const members = path.slice(0, -1).reduce<Schema | undefined>((at, part) => follow(inside(at, part, source), source), schema)
    const member = (members?.['properties'] as Readonly<Record<string, Schema>> | undefined)?.[last]
    const isNeeded = ((members?.['required'] ?? []) as readonly string[]).includes(last)
    const held = holder as Record<string, unknown>
    if (last in held && !isNeeded && !code.endsWith('_REQUIRED')) delete held[last]
    else if (member !== undefined) held[last] = another(member, source, JSON.stringify([pointer, value]))
    else continue
    isChanged = true
  }
  return isChanged ? { ...asked, value: changed, body: { ...body, text: JSON.stringify(changed) } } : null
}

function inside(schema: Schema | undefined, part: string, source: ValueSource): Schema | undefined {
  if (/^\d+$/.test(part)) {
    const items = follow(schema?.['items'] as Schema | undefined, source)
    return (items?.['anyOf'] as readonly Schema[] | undefined)?.[0] ?? items
  }
  return (schema?.['properties'] as Readonly<Record<string, Schema>> | undefined)?.[part]
}

function follow(schema: Schema | undefined, source: ValueSource): Schema | undefined {
  const reference = schema?.['$ref']
  return typeof reference === 'string' ? source.schemas[reference.split('/').at(-1) ?? ''] : schema
}

/** Another value, the same one for the same request. */
function another(schema: Schema, source: ValueSource, of: string): unknown {
  const values = valuesOf(schema, source)
  if (values === null) return null
  const seed = [...of].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7)
  return fc.sample(
    values.filter(value => value !== null),
    { seed, numRuns: 1 },
  )[0]
}
