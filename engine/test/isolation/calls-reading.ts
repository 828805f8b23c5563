/** Requests that read records, generated from what a caller may ask: lists, pages, filters, sorts, searches, includes, groups, single records. */
import type { CallerView, ShownEntity, ShownField, Step } from './caller-view.ts'

const post = (name: string, path: string, body: unknown, follow = false): Step => ({
  name: `${name} ${JSON.stringify(body)}`,
  request: { method: 'POST', path, body },
  ...(follow ? { follow: true as const } : {}),
})
const get = (path: string, follow = false): Step => ({
  name: `GET ${path}`,
  request: { method: 'GET', path },
  ...(follow ? { follow: true as const } : {}),
})

/** `GET /api/records/:entity`. */
export function listCalls(view: CallerView): Step[] {
  return [...view.entities.map(entity => entity.key), ...view.absent].flatMap(key => [
    get(`/api/records/${key}`),
    get(`/api/records/${key}?limit=2&count=exact`, true),
    get(`/api/records/${key}?count=estimated&select=id`),
    get(`/api/records/${key}?trash=true`),
  ])
}

/** `GET /api/records/:entity/:id`: every record there is, seen or not, of this tenant and the other; one that is not there; something that is no id. */
export function oneCalls(view: CallerView): Step[] {
  return [...view.entities.map(entity => entity.key), ...view.absent].flatMap(key => {
    const title = view.entities.find(entity => entity.key === key)?.title_field
    const foreign = Object.entries(view.world.ids(view.foreign)).filter(([ref]) => ref.startsWith(`${key}/`))
    const ids = [...view.ids(key), ...foreign.slice(0, 2).map(([, id]) => id), NOBODY, 'no-id']
    return ids.flatMap(id => [
      get(`/api/records/${key}/${id}`),
      ...(title == null ? [] : [get(`/api/records/${key}/${id}?select=${title}`)]),
    ])
  })
}

/** An id that nothing has. */
export const NOBODY = '01980000-0000-7000-8000-00000000000f'

/** `POST /api/records/:entity/query`. */
export function queryCalls(view: CallerView): Step[] {
  return [
    ...view.entities.flatMap(entity => [
      ...selectCalls(view, entity),
      ...entity.fields.flatMap((field, index) => filterCalls(view, entity, field, index)),
      ...entity.fields.filter(field => field.sortable).flatMap(field => sortCalls(entity, field)),
      ...searchCalls(view, entity),
      ...entity.relations.flatMap(relation => relationCalls(view, entity, relation)),
    ]),
    ...view.absent.map(key => post(`query ${key}`, `/api/records/${key}/query`, { where: { id: { eq: NOBODY } } })),
  ]
}

const path = (entity: ShownEntity): string => `/api/records/${entity.key}/query`

function selectCalls(view: CallerView, entity: ShownEntity): Step[] {
  const references = entity.fields.filter(field => field.target !== undefined && field.kind === 'id')
  const titles = references.flatMap(field => {
    const target = view.entities.find(each => each.key === field.target)
    return target?.title_field == null ? [] : [`${field.key}.${target.title_field}`]
  })
  return [
    post('all of', path(entity), { select: entity.fields.map(field => field.key), limit: 50, count: 'exact' }),
    ...(titles.length === 0 ? [] : [post('titles of', path(entity), { select: titles })]),
    post('trash of', path(entity), { trash: true }),
    post('own of', path(entity), { where: { or: [{ id: { in: view.ids(entity.key) } }, { id: { eq: NOBODY } }] }, count: 'estimated' }),
  ]
}

/** Two questions per field: one of equality with a stored value, one of another kind that changes from field to field. */
function filterCalls(view: CallerView, entity: ShownEntity, field: ShownField, index: number): Step[] {
  const samples = view.samples(entity.key, field.key)
  const ask = (operator: string): Step[] => {
    const operand = operandOf(operator, field, samples, view)
    return operand === undefined
      ? []
      : [post(`filter ${field.key}`, path(entity), { where: { [field.key]: { [operator]: operand } }, select: ['id'], count: 'exact' })]
  }
  const equal = field.filter.find(operator => ['in', 'has_any', 'eq'].includes(operator))
  const rest = field.filter.filter(operator => operator !== equal)
  const other = rest[index % Math.max(1, rest.length)]
  return [...(equal === undefined ? [] : ask(equal)), ...(other === undefined ? [] : ask(other)), ...behindCalls(view, entity, field)]
}

/** Questions about the record behind a reference. */
function behindCalls(view: CallerView, entity: ShownEntity, field: ShownField): Step[] {
  const target = field.kind === 'id' ? view.entities.find(each => each.key === field.target) : undefined
  const asked =
    target?.fields.find(each => each.filter.includes('contains')) ??
    target?.fields.find(each => each.filter.includes('eq') && each.key !== 'id')
  if (target === undefined || asked === undefined || field.system) return []
  const samples = view.samples(target.key, asked.key)
  const test = asked.filter.includes('contains') ? { contains: String(samples.at(-1) ?? 'x').slice(0, 40) } : { eq: samples.at(-1) ?? null }
  return [
    post(`behind ${field.key}`, path(entity), { where: { [field.key]: { [asked.key]: test } }, select: ['id'] }),
    post(`not behind ${field.key}`, path(entity), { where: { not: { [field.key]: { [asked.key]: test } } }, select: ['id'] }),
  ]
}

/** An operand that some stored value answers to; undefined where the field has no values to ask about. */
function operandOf(operator: string, field: ShownField, samples: readonly unknown[], view: CallerView): unknown {
  const middle = samples[Math.floor(samples.length / 2)]
  const plain = samples.filter(value => typeof value !== 'object')
  switch (operator) {
    case 'is_null':
      return true
    case 'in':
    case 'not_in':
      return plain.slice(-3)
    case 'between':
      return plain.length === 0 ? undefined : [plain[0], plain.at(-1)]
    case 'contains':
    case 'not_contains':
    case 'starts_with':
    case 'ends_with':
      return typeof middle === 'string' ? (operator === 'ends_with' ? middle.slice(-4) : middle.slice(0, 9)) : undefined
    case 'has_any':
    case 'has_all':
    case 'has_none': {
      const elements = samples
        .flatMap(value => (Array.isArray(value) ? (value as unknown[]) : []))
        .map(each => (typeof each === 'object' && each !== null && 'id' in each ? each.id : each))
      const linked = field.target === undefined ? elements : view.ids(field.target).slice(-2)
      return linked.length === 0 ? undefined : linked.slice(0, operator === 'has_all' ? 1 : 3)
    }
    case 'in_last':
    case 'in_next':
      return 'P90D'
    case 'in_period':
      return 'this_year'
    case 'within':
      return field.target === undefined ? undefined : view.ids(field.target)[0]
    default:
      return typeof middle === 'object' ? undefined : middle
  }
}

function sortCalls(entity: ShownEntity, field: ShownField): Step[] {
  return [
    post('up', path(entity), { sort: [field.key], limit: 3, select: ['id'] }, true),
    post('down', path(entity), { sort: [`-${field.key}`], select: ['id'] }),
  ]
}

/** Words that stand in hidden records and fields as well as in seen ones. */
const WORDS = ['boreal', 'austral', 'bo', 'murmurs', 'whispers', 'codeword', 'customer 3', 'DE89', 'deal 4', 'agent two', '000']

function searchCalls(view: CallerView, entity: ShownEntity): Step[] {
  if (!entity.searchable) return [post('search', path(entity), { search: 'boreal' })]
  const texts = entity.fields
    .flatMap(field => view.samples(entity.key, field.key))
    .filter(value => typeof value === 'string' && value.length > 3)
  const secrets = texts.filter((_, index) => index % 7 === 0).slice(0, 4) as string[]
  return [...WORDS, ...secrets.map(text => text.slice(0, 60))].map(search =>
    post('search', path(entity), { search, select: ['id'], count: 'exact' }),
  )
}

function relationCalls(view: CallerView, entity: ShownEntity, { key, target }: ShownEntity['relations'][number]): Step[] {
  const ids = view.ids(target).slice(0, 30)
  return [
    post('include', path(entity), { select: ['id', { [key]: { limit: 5 } }] }),
    post('include some', path(entity), { select: [{ [key]: { where: { id: { in: ids } }, sort: ['-id'], limit: 3, select: ['id'] } }] }),
    post('some', path(entity), { where: { [key]: { some: { id: { in: ids } } } }, select: ['id'] }),
    post('every', path(entity), { where: { [key]: { every: { id: { in: ids.slice(0, 2) } } } }, select: ['id'] }),
    post('none', path(entity), { where: { [key]: { none: {} } }, select: ['id'] }),
  ]
}

/** `POST /api/records/:entity/aggregate`. */
export function aggregateCalls(view: CallerView): Step[] {
  return [
    ...view.entities.flatMap(entity => {
      const to = `/api/records/${entity.key}/aggregate`
      const groups = entity.fields.filter(field => field.groupable)
      const measured = entity.fields.filter(field => field.measures.length > 0)
      const measures = Object.fromEntries(
        measured
          .slice(0, 8)
          .flatMap(field => field.measures.slice(0, 3).map(fn => [`${fn}_${field.key}`.slice(0, 40), { [fn]: field.key }])),
      )
      return [
        post('count', to, { measures: { n: { count: '*' } } }),
        post('measures', to, { measures: { n: { count: '*' }, ...measures } }),
        ...groups.map(field =>
          post('group', to, {
            group_by: [field.key],
            measures: {
              n: { count: '*' },
              ...(measured[0] === undefined ? {} : { m: { [measured[0].measures[0] ?? 'count']: measured[0].key } }),
            },
          }),
        ),
        ...groups
          .filter(field => field.kind === 'date')
          .map(field =>
            post('by month', to, {
              group_by: [{ [field.key]: 'month' }],
              measures: { n: { count: '*' } },
              having: { n: { gt: 0 } },
              sort: ['-n'],
            }),
          ),
      ]
    }),
    ...view.absent.map(key => post('count', `/api/records/${key}/aggregate`, { measures: { n: { count: '*' } } })),
  ]
}

/** `GET /api/records/:entity/:id/history`. */
export function historyCalls(view: CallerView): Step[] {
  return [...view.entities.map(entity => entity.key), ...view.absent].flatMap(key => {
    const foreign = Object.entries(view.world.ids(view.foreign)).filter(([ref]) => ref.startsWith(`${key}/`))
    const ids = [...view.ids(key), ...foreign.slice(0, 1).map(([, id]) => id), NOBODY, 'no-id']
    return [...ids.map(id => get(`/api/records/${key}/${id}/history`)), get(`/api/records/${key}/${ids[0]}/history?limit=1`, true)]
  })
}

/** `GET /api/search`. */
export function searchAllCalls(view: CallerView): Step[] {
  const everywhere = WORDS.map(word => get(`/api/search?q=${encodeURIComponent(word)}&limit=20`))
  return [
    ...everywhere,
    ...view.absent.map(key => get(`/api/search?q=boreal&entities=${key}`)),
    ...view.entities.slice(0, 4).map(entity => get(`/api/search?q=boreal&entities=${entity.key}`)),
  ]
}
