/**
 * The definitions of one derived schema: every part has a name and is made when it is first asked for, so that a whole document and a
 * part alone come from the same place. Knows how a schema is put together, not what a query is.
 */
import type { Labels } from '../../metadata/generated/types.ts'
import { DEFINITIONS } from '../kernel/schema-family.ts'
import type { JsonSchema } from '../kernel/schema.ts'

/** How a schema is written down for a reader. */
export interface SchemaReader {
  /** Titles in the reader's language; left out, the schema has none. */
  readonly label?: (labels: Labels, fallback: string) => string
  /** Where its definitions stand; `#/definitions/` when left out. */
  readonly at?: string
}

type Maker = () => JsonSchema

/** Named parts of a schema, made on demand. */
export class SchemaParts {
  private readonly makers = new Map<string, Maker>()
  private readonly made = new Map<string, JsonSchema>()
  private readonly reader: SchemaReader

  constructor(reader: SchemaReader = {}) {
    this.reader = reader
  }

  /** Points to a part, and says how it is made when somebody follows. */
  ref(name: string, make: Maker): JsonSchema {
    return { $ref: this.at(name, make) }
  }

  /** The same as a bare pointer. */
  at(name: string, make: Maker): string {
    if (!this.makers.has(name)) this.makers.set(name, make)
    return `${this.reader.at ?? DEFINITIONS}${name}`
  }

  /** `title`, where the reader has a language. */
  title(labels: Labels, fallback: string): { readonly title?: string } {
    return this.reader.label === undefined ? {} : { title: this.reader.label(labels, fallback) }
  }

  /** One part; what it points to is known from then on. */
  part(name: string): JsonSchema {
    const known = this.made.get(name)
    if (known !== undefined) return known
    const make = this.makers.get(name)
    if (make === undefined) throw new Error(`No part of the schema is called ${name}.`)
    const part = make()
    this.made.set(name, part)
    return part
  }

  /** Every part that can be reached from those asked for, by name. */
  all(): Record<string, JsonSchema> {
    // A map may grow while it is walked: what a part points to comes up later in the same walk.
    for (const name of this.makers.keys()) this.part(name)
    return Object.fromEntries([...this.made].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

/** One of these texts; nothing at all where there are none. */
export function oneOf(values: readonly string[]): JsonSchema {
  return values.length === 0 ? { type: 'string', not: {} } : { type: 'string', enum: values }
}

/** Any of these; a choice of one is that one. */
export function eitherOf(choices: readonly JsonSchema[]): JsonSchema {
  const [only] = choices
  return only !== undefined && choices.length === 1 ? only : { anyOf: choices }
}

/** An object of these members and no other. */
export function closed(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', additionalProperties: false, properties }
}
