/**
 * The table of what predicates mean, asked of Postgres: each case is stored and filtered through the real road, with slots, without, and
 * while slots are being filled. Node runs the same table in metadata/predicate.test.ts, a browser in the interface's tests.
 */
import { expect, test } from 'vitest'
import {
  CASE_ENV,
  envOf,
  NEGATED_CASES,
  NODE_ROWS,
  PREDICATE_CASES,
  type PredicateCase,
  SAMPLE_ENTITIES,
  sampleScope,
  scopeOfFields,
  USER_FIELDS,
} from '../../../metadata/cases/predicate-cases.ts'
import type { Entity, MetadataDocument } from '../../../metadata/generated/types.ts'
import { evaluate, parsePredicate, type RecordValues, type Test } from '../../../metadata/predicate.ts'
import { grantOver } from '../../access/index.ts'
import { newId } from '../../kernel/ids.ts'
import { markBuilding } from '../../model/building.ts'
import type { CompiledModel } from '../../model/types.ts'
import { conditionOf, planRead } from '../../plan/index.ts'
import type { Binding } from '../../plan/environment.ts'
import { pathsOf, renderProbe, type ProbeRow, renderRead } from '../../sql/index.ts'
import type { Query } from '../../validate/types.ts'
import { compileDocuments, openReadRoad, requireEntity, type TestRecord } from '../harness/read-road.ts'

const named = (key: string, fields: Entity['fields']): Entity => ({ kind: 'entity', key, label: { en: key }, fields })
const searchable = (entity: Entity): Entity => ({
  ...entity,
  fields: entity.fields.map(field => (field.key === 'name' ? { ...field, searchable: true } : field)),
})
const DOCUMENTS: readonly MetadataDocument[] = [
  ...SAMPLE_ENTITIES,
  named('user', [...USER_FIELDS]),
  named('org_unit', [
    { key: 'name', type: 'text' },
    { key: 'parent', type: 'parent' },
  ]),
  {
    kind: 'access_profile',
    key: 'all',
    entities: Object.fromEntries(
      ['sample', 'sample_item', 'sample_node', 'user'].map(key => [key, { operations: ['read'], fields: { '*': 'read' } }]),
    ),
  },
]
const slotted = compileDocuments(DOCUMENTS)
const models: readonly (readonly [string, CompiledModel])[] = [
  ['with slots', slotted],
  ['without slots', compileDocuments(DOCUMENTS, { slots: false })],
  ['while slots are being filled', markBuilding(slotted, everyField(slotted)).model],
  ['with trigrams', compileDocuments(DOCUMENTS.map(each => (each.kind === 'entity' ? searchable(each) : each)))],
]

function everyField(model: CompiledModel): { entityNo: number; fieldNo: number }[] {
  return [...model.entities.values()].flatMap(entity =>
    [...entity.fieldsByNo.keys()].map(no => ({ entityNo: entity.no, fieldNo: Number.parseInt(no, 10) })),
  )
}

const road = await openReadRoad()

/** Records by entity, with fresh ids where the case names none; embedded records become records of their own. */
function flatten(entityKey: string, values: RecordValues, into: Map<string, Map<string, TestRecord>>): string {
  const entity = requireEntity(slotted, entityKey)
  const id = typeof values['id'] === 'string' ? values['id'] : newId()
  const own: Record<string, unknown> = { id }
  for (const [key, value] of Object.entries(values)) {
    const field = entity.fields.get(key)
    const relation = entity.relations.get(key)
    if (relation?.kind === 'inverse' && Array.isArray(value)) {
      for (const child of value as RecordValues[]) flatten(relation.target, { ...child, [relation.reference]: id }, into)
    } else if (field?.kind === 'id' && field.target !== null && typeof value === 'object' && value !== null) {
      own[key] = flatten(field.target, value as RecordValues, into)
    } else own[key] = stored(entityKey, key, value)
  }
  const rows = into.get(entityKey) ?? new Map<string, TestRecord>()
  into.set(entityKey, rows)
  rows.set(id, { ...own, id })
  return id
}

/** As a write would store it; what a write would refuse stays as the case has it. */
function stored(entityKey: string, key: string, value: unknown): unknown {
  const field = requireEntity(slotted, entityKey).fields.get(key)
  if (field === undefined || field.system || value === null) return value
  const canonical = field.type.canonical(value, field.definition, { today: '2025-06-18', now: CASE_ENV.now })
  return canonical.ok ? canonical.value : value
}

async function load(tenantId: string, record: RecordValues): Promise<string> {
  const rows = new Map<string, Map<string, TestRecord>>([['sample_node', new Map(NODE_ROWS.map(row => [row.id, row]))]])
  const id = flatten('sample', record, rows)
  for (const [entity, records] of rows) await road.store(tenantId, models[3]?.[1] ?? slotted, entity, [...records.values()])
  return id
}

function parse(each: PredicateCase): Test {
  const parsed = parsePredicate(each.predicate, sampleScope('sample'), { user: scopeOfFields(USER_FIELDS), record: sampleScope('sample') })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.test
}

/** What the case gives, per way of asking. */
async function answersOf(tenantId: string, id: string, each: PredicateCase): Promise<Record<string, boolean>> {
  const where = parse(each)
  const env = envOf(each)
  const binding: Binding = { env, tenantId, within: () => [], isTimely: () => false }
  const answers: Record<string, boolean> = { 'in Node': evaluate(where, each.record, env) }
  await road.database.readAs(tenantId, async connection => {
    for (const [name, model] of models) {
      const entity = requireEntity(model, 'sample')
      const condition = conditionOf({ model, binding, entity, grant: null }, where)
      const [probe] = await connection.run<ProbeRow>(renderProbe(tenantId, entity, [id], [condition], []))
      answers[`as a rule ${name}`] = probe?.bits[0] === true
      const grant = grantOver(model, ['all'], 'sample')
      if (grant === null) throw new Error('The profile of the test reads nothing.')
      const query: Query = {
        select: [],
        where,
        sort: [],
        search: null,
        searchFields: [],
        limit: 100,
        after: null,
        count: 'none',
        trash: false,
        binding: '',
      }
      const plan = planRead(model, grant, query, binding)
      const paths = pathsOf(plan)
      for (const [at, path] of [paths.walk, ...paths.fetches.map(fetch => fetch.path)].entries()) {
        if (path === null) continue
        const { statement, read } = renderRead(plan, path, 'all', 100, false)
        const page = read(await connection.rows(statement))
        answers[`as a filter ${name}, on way ${at}`] = (JSON.parse(`[${page.text}]`) as { id: string }[]).some(row => row.id === id)
      }
    }
  })
  return answers
}

const cases = PREDICATE_CASES.map((each, at) => [each, NEGATED_CASES[at]] as const).filter(([each]) => each.before === undefined)

test('Postgres gives every predicate the meaning that Node gives it, wherever the values stand', async () => {
  const wrong: string[] = []
  for (const [plain, negated] of cases) {
    const tenantId = newId()
    const id = await load(tenantId, plain.record)
    for (const each of [plain, negated]) {
      if (each === undefined) continue
      try {
        const answers = await answersOf(tenantId, id, each)
        for (const [way, answer] of Object.entries(answers)) if (answer !== each.expected) wrong.push(`${each.name} gave ${answer} ${way}`)
      } catch (error) {
        wrong.push(`${each.name} failed: ${String(error).slice(0, 100)}`)
      }
    }
  }
  expect(cases.length).toBeGreaterThan(700)
  expect(wrong).toEqual([])
}, 120_000)
