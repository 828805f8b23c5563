/** How wire values compare and combine, whatever their type. Knows no field. */

/** Null, absent and an empty list are the same: no value. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}

/** Whether two wire values are equal; absent and null are. Members of objects have no order: the store keeps its own. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === null || a === undefined) return b === null || b === undefined
  if (typeof a !== 'object' || typeof b !== 'object' || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, index) => same(each, b[index]))
  }
  const [left, right] = [membersOf(a), membersOf(b)]
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && same(value, right.get(key)))
}

/** A stored value with a patch applied as RFC 7396 has it: objects are merged member by member, null takes a member away. */
export function mergePatch(stored: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const members = isObject(stored) ? membersOf(stored) : new Map<string, unknown>()
  for (const [key, value] of membersOf(patch)) {
    if (value === null) members.delete(key)
    else members.set(key, mergePatch(members.get(key), value))
  }
  return Object.fromEntries(members)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Of own members only: a member may be named like something every object inherits.
function membersOf(value: object): Map<string, unknown> {
  return new Map(Object.entries(value))
}
