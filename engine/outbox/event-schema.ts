/** The JSON Schema of one type of event, in one self-contained document: what `dataschema` of an envelope points to. */
import { metadataSchema } from '../../metadata/generated/schemas.ts'
import type { JsonSchema } from '../kernel/schema.ts'
import { EVENT_TYPES, type EventType } from './envelope.ts'

/** The schema of a type and version, undefined for one that never was. */
export function eventSchema(type: string, version: number): JsonSchema | undefined {
  const known = Object.hasOwn(EVENT_TYPES, type) ? EVENT_TYPES[type as EventType] : undefined
  if (known === undefined || known.version !== version) return undefined
  const { definitions } = metadataSchema
  const envelope = definitions['EventEnvelope'] ?? {}
  const dataschema = `/api/schemas/events/${type}/${version}`
  const properties = {
    ...(envelope['properties'] as Record<string, unknown>),
    type: { const: `nexus.${type}` },
    dataschema: { const: dataschema },
    data: { $ref: `#/definitions/${known.definition}` },
  }
  const needed = new Map<string, unknown>()
  collect(properties, needed)
  return {
    $schema: metadataSchema.$schema,
    $id: dataschema,
    ...envelope,
    title: `Event nexus.${type}`,
    properties,
    definitions: Object.fromEntries(needed),
  }
}

function collect(value: unknown, needed: Map<string, unknown>): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    if (name !== '$ref') collect(member, needed)
    else if (typeof member === 'string') collectDefinition(member.replace('#/definitions/', ''), needed)
  }
}

function collectDefinition(name: string, needed: Map<string, unknown>): void {
  if (needed.has(name)) return
  const definition = metadataSchema.definitions[name]
  needed.set(name, definition)
  collect(definition, needed)
}
