/** What follows from something that never changes, such as a compiled entity: worked out once, kept for as long as that is there. */

/** A function of an object that remembers what it gave. */
export function perObject<K extends object, T extends NonNullable<unknown>>(make: (object: K) => T): (object: K) => T {
  const kept = new WeakMap<K, T>()
  return object => {
    const known = kept.get(object)
    if (known !== undefined) return known
    const made = make(object)
    kept.set(object, made)
    return made
  }
}
