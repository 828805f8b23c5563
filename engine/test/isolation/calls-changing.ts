/**
 * Requests that change records, generated from what is stored: plausible ones, and the same with something in them that is hidden, foreign,
 * gone, stale or not the caller's to set.
 */
import type { CallerView, ShownEntity, ShownField, Step } from './caller-view.ts'
import { NOBODY } from './calls-reading.ts'
import type { Method } from './world-boot.ts'

type Body = Readonly<Record<string, unknown>>

const step = (name: string, method: Method, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Step => ({
  name: `${name}: ${method} ${path} ${body === undefined ? '' : JSON.stringify(body)} ${JSON.stringify(headers)}`,
  request: { method, path, headers, ...(body === undefined ? {} : { body }) },
})
const version = (n: number): Readonly<Record<string, string>> => ({ 'if-match': `"${n}"` })
const fieldsOf = (entity: ShownEntity, ...rights: string[]): ShownField[] =>
  entity.fields.filter(field => rights.includes(field.right) && !field.computed)

/** Every id a caller might try in an entity's place: his own tenant's, seen or not, the other tenant's, and none. */
export function idsToTry(view: CallerView, entity: string): string[] {
  const foreign = Object.entries(view.world.ids(view.foreign)).filter(([ref]) => ref.startsWith(`${entity}/`))
  return [...view.ids(entity), ...foreign.slice(0, 1).map(([, id]) => id), NOBODY]
}

/** A body like what a record of the entity holds, of the fields the caller may set; texts are made new, so that nothing is unique twice. */
function bodyOf(view: CallerView, entity: ShownEntity, mark: string): Body {
  const row = view.stored(entity.key)[0] ?? {}
  const entries = fieldsOf(entity, 'write', 'create').flatMap(field => {
    const value = row[field.key]
    if (value === undefined || value === null || field.type === 'table') return []
    return [[field.key, ['text', 'email'].includes(field.type) ? renewed(String(value), mark) : value] as const]
  })
  return Object.fromEntries(entries)
}

function renewed(text: string, mark: string): string {
  return text.includes('@') ? text.replace('@', `.${mark}@`) : /^[A-Z]{3}$/.test(text) || text.length < 9 ? text : `${text} ${mark}`
}

/** `POST /api/records/:entity`. */
export function createCalls(view: CallerView): Step[] {
  return [
    ...view.entities.flatMap(entity => {
      const path = `/api/records/${entity.key}`
      const body = bodyOf(view, entity, 'anew')
      return [
        step('nothing', 'POST', path, {}),
        step('like another', 'POST', path, body),
        ...pointing(view, entity).map(({ field, id, value }) =>
          step(`pointing ${field} at ${id}`, 'POST', path, { ...bodyOf(view, entity, `${field} ${id.slice(-6)}`), [field]: value }),
        ),
      ]
    }),
    ...view.absent.map(key => step('absent', 'POST', `/api/records/${key}`, { name: 'x' })),
  ]
}

/** A value for every field that names a record, for ids in sight and out of it. */
function pointing(view: CallerView, entity: ShownEntity): { field: string; id: string; value: unknown }[] {
  return fieldsOf(entity, 'write', 'create')
    .filter(field => field.target !== undefined && field.type !== 'table')
    .flatMap(field =>
      idsToTry(view, field.target ?? '')
        .slice(-5)
        .map(id => ({
          field: field.key,
          id,
          value:
            field.kind === 'list' ? [field.type === 'multi_reference' && field.key === 'customers' ? { id, role: 'purchasing' } : id] : id,
        })),
    )
}

/** `PATCH /api/records/:entity/:id`. */
export function updateCalls(view: CallerView): Step[] {
  return [
    ...view.entities.flatMap(entity => {
      const text = fieldsOf(entity, 'write').find(field => field.type === 'text')
      const ids = idsToTry(view, entity.key)
      const change = text === undefined ? { title: 'x' } : { [text.key]: 'Changed' }
      const first = view.ids(entity.key)[0] ?? NOBODY
      return [
        ...ids.flatMap(id => [
          step('stale', 'PATCH', `/api/records/${entity.key}/${id}`, change, version(77)),
          step('change', 'PATCH', `/api/records/${entity.key}/${id}`, change, version(1)),
        ]),
        step('without version', 'PATCH', `/api/records/${entity.key}/${first}`, change),
        ...pointing(view, entity).map(({ field, id, value }) =>
          step(`pointing ${field} at ${id}`, 'PATCH', `/api/records/${entity.key}/${first}`, { [field]: value }, version(2)),
        ),
      ]
    }),
    ...view.absent.map(key => step('absent', 'PATCH', `/api/records/${key}/${view.ids(key)[0] ?? NOBODY}`, { name: 'x' }, version(1))),
  ]
}

/** `DELETE /api/records/:entity/:id`. */
export function deleteCalls(view: CallerView): Step[] {
  return [
    ...view.entities.flatMap(entity =>
      idsToTry(view, entity.key).flatMap(id => [
        step('stale', 'DELETE', `/api/records/${entity.key}/${id}`, undefined, version(77)),
        step('delete', 'DELETE', `/api/records/${entity.key}/${id}`, undefined, version(1)),
      ]),
    ),
    ...view.absent.map(key => step('absent', 'DELETE', `/api/records/${key}/${view.ids(key)[0] ?? NOBODY}`, undefined, version(1))),
  ]
}

/** `POST /api/records/:entity/:id/restore`. */
export function restoreCalls(view: CallerView): Step[] {
  return [...view.entities.map(entity => entity.key), ...view.absent].flatMap(key =>
    idsToTry(view, key).map(id => step('restore', 'POST', `/api/records/${key}/${id}/restore`)),
  )
}

/** `POST /api/records/:entity/bulk`. */
export function bulkCalls(view: CallerView): Step[] {
  return [
    ...view.entities.flatMap(entity => {
      const path = `/api/records/${entity.key}/bulk`
      const text = fieldsOf(entity, 'write').find(field => field.type === 'text')?.key ?? 'title'
      const ids = idsToTry(view, entity.key)
      const updates = ids.map(id => ({ op: 'update', id, version: 5, values: { [text]: 'By bulk' } }))
      const deletes = ids.slice(-2).map(id => ({ op: 'delete', id, version: 5 }))
      return [
        step('each', 'POST', path, { atomic: false, operations: updates }),
        step('all', 'POST', path, { atomic: true, operations: updates }),
        step('away', 'POST', path, { atomic: false, operations: deletes }),
        step('made', 'POST', path, {
          atomic: false,
          operations: [
            { op: 'create', values: bodyOf(view, entity, 'in bulk') },
            { op: 'create', values: {} },
          ],
        }),
      ]
    }),
    ...view.absent.map(key =>
      step('absent', 'POST', `/api/records/${key}/bulk`, { operations: [{ op: 'create', values: { name: 'x' } }] }),
    ),
  ]
}

/** `POST /api/records/:entity/:id/reveal`: of masked fields, open ones and unknown ones. */
export function revealCalls(view: CallerView): Step[] {
  return [
    ...view.entities.flatMap(entity => {
      const masked = entity.fields.filter(field => field.right === 'mask').map(field => field.key)
      const fields = [...masked, entity.fields.find(field => field.right !== 'mask' && !field.system)?.key ?? 'id', 'nothing']
      return idsToTry(view, entity.key)
        .slice(-4)
        .flatMap(id => fields.map(field => step('reveal', 'POST', `/api/records/${entity.key}/${id}/reveal`, { field, reason: 'to see' })))
    }),
    ...view.absent.map(key =>
      step('absent', 'POST', `/api/records/${key}/${view.ids(key)[0] ?? NOBODY}/reveal`, { field: 'name', reason: 'to see' }),
    ),
  ]
}
