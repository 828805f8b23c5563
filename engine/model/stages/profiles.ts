/** Stage 5: access profiles: defaults spread over the fields they cover, rights capped by what a field can be. */
import type { AccessProfile, FieldRight as DeclaredRight } from '../../../metadata/generated/types.ts'
import type { CompiledEntity, CompiledEntityAccess, CompiledField, CompiledProfile, FieldRight, Operation } from '../types.ts'
import type { Predicates } from './rules.ts'

/** Compiles one profile against the entities of the model. */
export function compileProfile(
  predicates: Predicates,
  profile: AccessProfile,
  entities: ReadonlyMap<string, CompiledEntity>,
): CompiledProfile {
  const compiled = new Map<string, CompiledEntityAccess>()
  for (const [entityKey, access] of Object.entries(profile.entities)) {
    const entity = entities.get(entityKey)
    if (entity === undefined) continue
    const rows = new Map<Operation, NonNullable<ReturnType<Predicates['test']>>>()
    for (const operation of access.operations) {
      const test = predicates.test(
        { kind: 'access_profile', key: profile.key, pointer: `/entities/${entityKey}/rows/${operation}` },
        entityKey,
        access.rows?.[operation],
        operation === 'update',
      )
      if (test !== null) rows.set(operation, test)
    }
    const implied: Operation[] =
      (access.operations.length > 0 && !access.operations.includes('create')) || access.operations.some(each => each !== 'create')
        ? ['read']
        : []
    compiled.set(entityKey, {
      operations: new Set([...access.operations, ...implied]),
      rows,
      handover: access.handover === true,
      fields: fieldRights(entity, access.fields),
      check: predicates.test(
        { kind: 'access_profile', key: profile.key, pointer: `/entities/${entityKey}/check` },
        entityKey,
        access.check,
        true,
      ),
      presets: access.presets ?? {},
    })
  }
  return { key: profile.key, definition: profile, entities: compiled }
}

function fieldRights(entity: CompiledEntity, declared: Readonly<Record<string, DeclaredRight>>): Map<string, FieldRight> {
  const rights = new Map<string, FieldRight>()
  for (const field of entity.fields.values()) {
    if (field.derivation?.kind === 'base' || entity.hidden.has(field.key)) continue
    const named = declared[field.key]
    const right = named ?? declared['*'] ?? 'none'
    if (right === 'none') continue
    if (typeof right === 'object') rights.set(field.key, { right: 'mask', mask: right.mask, reveal: right.reveal === true })
    else rights.set(field.key, { right: canBeWritten(field, named !== undefined) ? right : 'read' })
  }
  return rights
}

/** Computed and read-only fields are at most readable; of the system fields only owner and unit can be written, where a profile names them. */
function canBeWritten(field: CompiledField, named: boolean): boolean {
  if (field.system) return named && (field.key === 'owner_id' || field.key === 'org_unit_id')
  if (field.readOnly) return false
  if (field.derivation === null) return true
  return field.derivation.kind === 'lookup' && field.derivation.mode === 'copied' && field.derivation.overridable
}
