/** Face of the model room: tenants' compiled metadata. */
export type { LiveModel } from './kept-models.ts'
export { type BuildingField, markBuilding } from './building.ts'
export { compileModel } from './compile.ts'
export {
  BUILDING_SQL,
  createModels,
  type Assembled,
  type LiveState,
  type Models,
  type PackSource,
  type RevisionContent,
} from './models.ts'
export { emptyBook, extendNumbers, numbersOf, OVERLAY_BASE } from './numbers.ts'
export { EXCHANGE_RATE_ENTITY, ORG_UNIT_ENTITY, SYSTEM_FIELDS, USER_ENTITY } from './system-fields.ts'
export type * from './types.ts'
export { readPackFolder } from './lock-packs.ts'
export { scopeField, trustedScope } from './scope.ts'
