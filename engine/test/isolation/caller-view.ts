/** What a generated test knows of one caller: the model as he gets it, every id there is, and values of records whether he may see them or not. */
import type { World, WorldRequest } from './world.ts'

/** A field of `GET /api/model`, as far as generated requests read it. */
export interface ShownField {
  readonly key: string
  readonly type: string
  readonly kind: string
  readonly right: string
  readonly system: boolean
  readonly computed: boolean
  readonly filter: readonly string[]
  readonly sortable: boolean
  readonly groupable: boolean
  readonly measures: readonly string[]
  readonly searchable: boolean
  readonly target?: string
  readonly options?: readonly { readonly value: string }[]
}

export interface ShownEntity {
  readonly key: string
  readonly title_field: string | null
  readonly operations: readonly string[]
  readonly fields: readonly ShownField[]
  readonly relations: readonly { readonly key: string; readonly target: string; readonly kind: string }[]
  readonly searchable: boolean
  readonly caps: Readonly<Record<string, number>>
}

/** A request with a name, so that two worlds' answers can be laid side by side; `follow` reads on while there is a next page. */
export interface Step {
  readonly name: string
  readonly request: WorldRequest
  readonly follow?: true
}

export interface CallerView {
  readonly world: World
  /** `north/rep`. */
  readonly caller: string
  readonly tenant: string
  /** The other tenant. */
  readonly foreign: string
  readonly entities: readonly ShownEntity[]
  /** Entities of the tenant that do not exist for this caller, and one that does not exist at all. */
  readonly absent: readonly string[]
  /** Ids of an entity's seeded records in the caller's tenant, seen or not. */
  ids(entity: string): readonly string[]
  /** Stored values of a field, of whatever record. */
  samples(entity: string, field: string): readonly unknown[]
  /** Stored records of an entity by field key, those in the trash apart. */
  stored(entity: string): readonly Readonly<Record<string, unknown>>[]
}

/** Looks at the world as a caller does. */
export async function viewOf(world: World, caller: string): Promise<CallerView> {
  const tenant = caller.split('/')[0] ?? ''
  const foreign = tenant === 'north' ? 'south' : 'north'
  const { json, status, text } = await world.send(caller, { method: 'GET', path: '/api/model' })
  if (status !== 200) throw new Error(`${caller} gets no model: ${text}`)
  const entities = (json as { data: { entities: ShownEntity[] } }).data.entities
  const live = await world.wired.models.current(world.tenantId(tenant))
  const known = new Set(entities.map(entity => entity.key))
  const rows = await world.peek<{ entity_no: number; values: Record<string, unknown> }>(
    `select entity_no, data || jsonb_build_object('owner_id', owner_id, 'org_unit_id', org_unit_id, 'created_by', created_by, 'updated_by', updated_by, 'id', id, 'created_at', created_at, 'updated_at', updated_at) as values
       from nexus.record where tenant_id = $1 order by entity_no, id`,
    [world.tenantId(tenant)],
  )
  return {
    world,
    caller,
    tenant,
    foreign,
    entities,
    absent: [...[...live.model.entities.keys()].filter(key => !known.has(key)), 'nothing'],
    ids: entity =>
      Object.entries(world.ids(tenant))
        .filter(([ref]) => ref.startsWith(`${entity}/`))
        .map(([, id]) => id),
    samples: (entityKey, fieldKey) => {
      const entity = live.model.entities.get(entityKey)
      const field = entity?.fields.get(fieldKey)
      const found = rows.filter(row => row.entity_no === entity?.no).map(row => row.values[field?.no ?? fieldKey])
      const texts = found.filter(value => value !== undefined && value !== null).map(value => JSON.stringify(value))
      return [...new Set(texts)].map(text => JSON.parse(text) as unknown)
    },
    stored: entityKey => {
      const entity = live.model.entities.get(entityKey)
      return rows
        .filter(row => row.entity_no === entity?.no)
        .map(row => Object.fromEntries(Object.entries(row.values).map(([no, value]) => [entity?.fieldsByNo.get(no)?.key ?? no, value])))
    },
  }
}
