/** Face of the access room. */
export { DEFAULT_CAPS } from './caps.ts'
export { decideAccess, grantOver } from './decide-access.ts'
export { decideExport } from './export-grant.ts'
export { accessErrors } from './errors.ts'
export { maskValue } from './mask.ts'
export type { Caps, FieldGrant, Grant, GrantTerm } from './types.ts'
