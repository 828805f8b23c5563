/** The schema derived for a caller and the parser agree about every query: over the packs as shipped, for whoever signs in to the demo. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Problem } from '../../metadata/problem.ts'
import { type Grant, grantOver } from '../access/index.ts'
import { EngineError } from '../kernel/errors.ts'
import { definitionValidator } from '../kernel/schema.ts'
import { AskedQueries } from '../test/harness/asked-queries.ts'
import { salesModel } from '../test/harness/read-road.ts'
import { aggregateSchema } from './aggregate-schema.ts'
import { parseAggregate } from './parse-aggregate.ts'
import { parseQuery } from './parse-query.ts'
import { checkWithSchema } from './query-gate.ts'
import { querySchema } from './query-schema.ts'

const model = salesModel()
const lens = { model, building: new Set<string>() }
const callers = [...model.roles.values()].map(role => ({ role: role.key, profiles: [...(role.access_profiles ?? [])].sort() }))
const grants = callers.flatMap(({ profiles }) => [...model.entities.keys()].flatMap(entity => grantOver(model, profiles, entity) ?? []))
const grantAt = (at: number): Grant => {
  const grant = grants[at]
  if (grant === undefined) throw new Error(`There are ${grants.length} grants.`)
  return grant
}
const asked = new AskedQueries(lens)
const asker = { tenantId: 't', userId: 'u', profiles: [] }
const cursors = { open: () => ({ keys: [], id: '', now: '' }) }

/** What only counting, or looking at two places of one query, can tell: docs/protocols/QUERY-DSL.md lists it. */
function isOfTheParserAlone({ code, pointer, params }: Problem, input: unknown): boolean {
  if (['VALIDATE_MAX_FILTERS', 'VALIDATE_MAX_DEPTH', 'VALIDATE_DUPLICATE', 'VALIDATE_FIELD_BUILDING'].includes(code)) return true
  if (code === 'VALIDATE_CAP') return ['max_includes', 'max_depth', 'max_search_words'].includes(String(params?.['cap']))
  if (code === 'VALIDATE_OPERAND' && params?.['expects'] === 'datetime') return /"(0001|9999)-/.test(JSON.stringify(input))
  // What is measured and grouped is told by the same body.
  return (
    pointer.startsWith('/having') || (pointer.startsWith('/sort') && typeof input === 'object' && input !== null && 'measures' in input)
  )
}

type Verdict = 'accepted' | 'refused' | 'counted'

/** Fails where one of the two lets pass what the other refuses. */
function agree(kind: 'query' | 'aggregate', grant: Grant, input: unknown): Verdict {
  const bySchema = checkWithSchema(lens, grant, kind, input).refusal === null
  const shape = definitionValidator(kind === 'query' ? 'Query' : 'Aggregate')(input)
  if (bySchema) expect(shape).toEqual([])
  try {
    if (kind === 'query') parseQuery(lens, grant, input, asker, cursors)
    else parseAggregate(lens, grant, input)
    expect(bySchema).toBe(true)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    expect(error.code, JSON.stringify(error.cause)).toBe('VALIDATE_QUERY_FAILED')
    if (!bySchema) return 'refused'
    expect(error.errors.filter(problem => !isOfTheParserAlone(problem, input))).toEqual([])
    return 'counted'
  }
}

function run(kind: 'query' | 'aggregate', numRuns: number): Record<Verdict, number> {
  const seen = { accepted: 0, refused: 0, counted: 0 }
  // A grant holds the whole model: a counterexample shows its number, who it is and what was asked.
  const bodies = fc.nat(grants.length - 1).chain(at => asked[kind](grantAt(at)).map(input => ({ at, input })))
  fc.assert(
    fc.property(bodies, ({ at, input }) => {
      seen[agree(kind, grantAt(at), JSON.parse(JSON.stringify(input)))] += 1
    }),
    { numRuns },
  )
  return seen
}

describe('the schema and the parser', () => {
  test('agree about queries of every caller to every entity', () => {
    const seen = run('query', 800)
    // Both kinds must come up, or the agreement says nothing.
    expect(seen.accepted).toBeGreaterThan(160)
    expect(seen.refused).toBeGreaterThan(160)
  }, 60_000)

  test('agree about aggregates of every caller over every entity', () => {
    const seen = run('aggregate', 800)
    expect(seen.accepted).toBeGreaterThan(160)
    expect(seen.refused).toBeGreaterThan(160)
  }, 60_000)
})

test('whatever goes over a cap is told which, and how far it goes', () => {
  const rep = grants.find(grant => grant.entity.key === 'deal' && grant.caps.maxPageSize < 1000)
  if (rep === undefined) throw new Error('Nobody has deals under a cap.')
  const refused = (act: () => unknown): unknown => {
    try {
      return act()
    } catch (error) {
      return error instanceof EngineError ? error.errors.map(({ pointer, code, params }) => [pointer, code, params]) : error
    }
  }
  const far = 'customer.owner_id.org_unit_id.parent.parent.name'
  expect(refused(() => parseQuery(lens, rep, { select: [far], limit: 1e9 }, asker, cursors))).toEqual([
    ['/select/0', 'VALIDATE_CAP', { cap: 'max_depth', limit: rep.caps.maxDepth }],
    ['/limit', 'VALIDATE_CAP', { cap: 'max_page_size', limit: rep.caps.maxPageSize }],
  ])
  expect(refused(() => parseAggregate(lens, rep, { measures: { n: { count: '*' } }, limit: 1e9 }))).toEqual([
    ['/limit', 'VALIDATE_CAP', { cap: 'max_groups', limit: rep.caps.maxGroups }],
  ])
})

test('a query that the schema refuses is not run, even where the parser finds nothing wrong with it', () => {
  const [grant] = grants
  if (grant === undefined) throw new Error('Nobody sees anything.')
  const gate = checkWithSchema(lens, grant, 'query', { where: { nope: {} } })
  expect(gate.refusal).toBe('/where/nope')
  expect(() => gate.requireAgreement()).toThrow(expect.objectContaining({ code: 'VALIDATE_SCHEMA_APART', status: 500 }))
  expect(() => checkWithSchema(lens, grant, 'query', {}).requireAgreement()).not.toThrow()
})

/** Every `anyOf` in a schema, at any depth. */
function choicesIn(schema: unknown): readonly unknown[][] {
  if (typeof schema !== 'object' || schema === null) return []
  const { anyOf } = schema as { anyOf?: unknown }
  return [...(Array.isArray(anyOf) ? [anyOf as unknown[]] : []), ...Object.values(schema).flatMap(choicesIn)]
}

describe('a schema for readers', () => {
  const grantOf = (role: string, entity: string): Grant => {
    const grant = grantOver(model, callers.find(each => each.role === role)?.profiles ?? [], entity)
    if (grant === null) throw new Error(`${role} does not see ${entity}.`)
    return grant
  }

  test('holds every definition it points to', () => {
    for (const schema of [querySchema(lens, grantOf('rep', 'deal')), aggregateSchema(lens, grantOf('rep', 'deal'))]) {
      const { definitions } = schema as { definitions: Readonly<Record<string, unknown>> }
      const pointed = [...JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g)].map(match => match[1] ?? '')
      expect(pointed.length).toBeGreaterThan(100)
      expect(pointed.filter(name => !(name in definitions))).toEqual([])
    }
  })

  test('names nothing that the caller may not see', () => {
    const text = JSON.stringify(querySchema(lens, grantOf('rep', 'deal')))
    expect(text).toContain('"probability"')
    for (const hidden of ['margin', 'cost']) expect(text).not.toMatch(new RegExp(`[".]${hidden}["|)\\\\]`))
  })

  test('offers a choice only where there are two things to choose from', () => {
    // A schema holds the definitions of all it can reach.
    const some = grants.filter((_, at) => at % 7 === 0)
    const sizes = some.flatMap(grant =>
      [querySchema(lens, grant), aggregateSchema(lens, grant)].flatMap(schema =>
        choicesIn(schema).map(choices => [grant.entity.key, choices.length] as const),
      ),
    )
    expect(sizes.length).toBeGreaterThan(100)
    expect(sizes.filter(([, size]) => size < 2)).toEqual([])
  })

  test('is titled in the language that is asked for, and only then', () => {
    const grant = grantOf('rep', 'deal')
    const russian = querySchema(lens, grant, { label: (labels, fallback) => labels['ru'] ?? fallback, at: '#/components/schemas/' })
    expect(JSON.stringify(russian)).toContain('Сделки')
    expect(russian['$ref']).toBe('#/components/schemas/deal.query')
    expect(JSON.stringify(querySchema(lens, grant))).not.toContain('"title"')
  })
})
