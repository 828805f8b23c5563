/**
 * Checks queries with the schema derived for their caller, before anything else reads them. A set of profiles has one family of
 * definitions for all entities, compiled part by part as queries reach them. What a refusal says is the parser's; where the parser finds
 * nothing wrong with what the schema refused, the two have come apart: the query is not run.
 */
import type { Grant } from '../access/types.ts'
import { schemaFamily, type SchemaFamily } from '../kernel/schema-family.ts'
import { aggregateRef } from './aggregate-schema.ts'
import type { Lens } from './caller-scope.ts'
import { validateErrors } from './errors.ts'
import { queryParts, type QueryParts, queryRef } from './query-schema.ts'

/** Sets of profiles whose compiled definitions are kept, of 3.4 MB each where all of the sales pack has been asked about; the first goes first. */
const KEPT_FAMILIES = 64

/** What a query was found to be. */
export interface Gate {
  /** Where the schema refused it; null where it did not. */
  readonly refusal: string | null
  /** Throws where the schema refused what has been parsed without a problem. */
  requireAgreement(): void
}

type Kind = 'query' | 'aggregate'

/** Checks the body of a query. */
export function checkWithSchema(lens: Lens, grant: Grant, kind: Kind, input: unknown): Gate {
  const { query, family } = familyOf(lens, grant)
  if (kind === 'query') queryRef(query, grant)
  else aggregateRef(query, grant)
  const name = `${grant.entity.key}.${kind}`
  const refusal = family.refusal(name, input)
  return {
    refusal,
    requireAgreement() {
      if (refusal === null) return
      throw validateErrors.SCHEMA_APART({}, { cause: new Error(`The schema ${name} refuses ${refusal || 'a body'} that parses.`) })
    },
  }
}

interface Compiled {
  readonly query: QueryParts
  readonly family: SchemaFamily
}

/** By what stands for a set of profiles under one model; goes with the model. */
const families = new WeakMap<Grant['over'], Compiled>()
const order: WeakRef<Grant['over']>[] = []

function familyOf(lens: Lens, grant: Grant): Compiled {
  const known = families.get(grant.over)
  if (known !== undefined && isSame(known.query.lens.building, lens.building)) return known
  const query = queryParts(lens, grant)
  const made = { query, family: schemaFamily(name => query.parts.part(name)) }
  families.set(grant.over, made)
  if (known === undefined) order.push(new WeakRef(grant.over))
  const oldest = order.length > KEPT_FAMILIES ? order.shift()?.deref() : undefined
  if (oldest !== undefined) families.delete(oldest)
  return made
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a === b || (a.size === 0 && b.size === 0)
}
