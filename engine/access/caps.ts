/** The caps of a caller on an entity: the policy's, or the defaults, with profile limits over them; of several profiles the widest counts. */
import type { ProfileLimits, QueryPolicy } from '../../metadata/generated/types.ts'
import type { Caps } from './types.ts'

/** Caps where neither policy nor profile says anything. */
export const DEFAULT_CAPS: Caps = {
  maxPageSize: 100,
  maxFilters: 20,
  maxDepth: 4,
  maxIncludes: 4,
  maxRows: 10_000,
  maxGroups: 1_000,
  maxCost: 20_000,
  bulkOperations: 1_000,
  exportRows: 10_000,
}

export function capsOf(policy: QueryPolicy | undefined, limits: readonly (ProfileLimits | undefined)[]): Caps {
  const caps = policy?.caps ?? {}
  const widest = (member: keyof ProfileLimits): number | undefined => {
    const given = limits.map(each => each?.[member])
    return given.length === 0 || given.some(each => each === undefined) ? undefined : Math.max(...given.filter(each => each !== undefined))
  }
  const fromPolicy = caps.max_page_size ?? DEFAULT_CAPS.maxPageSize
  return {
    maxPageSize: Math.min(fromPolicy, widest('max_page_size') ?? fromPolicy),
    maxFilters: caps.max_filters ?? DEFAULT_CAPS.maxFilters,
    maxDepth: caps.max_depth ?? DEFAULT_CAPS.maxDepth,
    maxIncludes: caps.max_includes ?? DEFAULT_CAPS.maxIncludes,
    maxRows: caps.max_rows ?? DEFAULT_CAPS.maxRows,
    maxGroups: caps.max_groups ?? DEFAULT_CAPS.maxGroups,
    maxCost: caps.max_cost ?? DEFAULT_CAPS.maxCost,
    bulkOperations: widest('bulk_operations') ?? DEFAULT_CAPS.bulkOperations,
    exportRows: widest('export_rows') ?? DEFAULT_CAPS.exportRows,
  }
}
