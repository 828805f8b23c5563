/**
 * What a publish may not begin while the work of the one before it is not done: a field has one job, so the later takes it from the earlier and has
 * to do all of it; and what is computed from values that are not there yet would stay empty or wrong. Pure.
 */
import type { Problem } from '../../metadata/index.ts'
import { said, words } from '../../metadata/said.ts'
import type { CompiledField, CompiledModel } from '../model/index.ts'
import { followsFrom, nameOf, type StorageChanges } from './storage-changes.ts'

/** The fields of a publish that have to wait; `building` names those that an earlier one is still filling. */
export function refillsOfUnready(after: CompiledModel, building: ReadonlySet<string>, storage: StorageChanges): Problem[] {
  const fills = storage.passes.flatMap(pass =>
    pass.fields.flatMap(fill => {
      const field = after.entitiesByNo.get(pass.entityNo)?.fieldsByNo.get(String(fill.no))
      // Values that are made anew bring everything along that is kept of them.
      return field === undefined ? [] : [{ field, anew: fill.compute || fill.from !== null, compute: fill.compute }]
    }),
  )
  const anew = new Set(fills.flatMap(each => (each.anew ? [nameOf(each.field)] : [])))
  const isOpen = (name: string): boolean => building.has(name) && !anew.has(name)
  return fills.flatMap(({ field, compute }): Problem[] => {
    const open = isOpen(nameOf(field)) ? nameOf(field) : compute ? sourcesOf(after, field).find(isOpen) : undefined
    if (open === undefined) return []
    const message = words('The values of “{field}” are still being prepared; this can be published when that is done.', { field: open })
    const place = { document: { kind: 'entity', key: field.entity }, pointer: '/fields', code: 'MODEL_FIELD_BUILDING' }
    return [said({ ...place, params: { field: open } }, message)]
  })
}

/** Names of all that a value is made of, through what that is made of. */
function sourcesOf(model: CompiledModel, field: CompiledField): string[] {
  const found = new Set<string>()
  const follow = (from: CompiledField): void => {
    for (const name of followsFrom(model, from)) {
      const [entity = '', key = ''] = name.split('.')
      const source = model.entities.get(entity)?.fields.get(key)
      if (source === undefined || found.has(name)) continue
      found.add(name)
      follow(source)
    }
  }
  follow(field)
  return [...found]
}
