/** Hashed trigrams of folded text: what `record_search.g` holds. The hash includes tenant, entity and field, so one index serves all. */

/** Texts shorter than this have no trigram. */
export const SHORTEST_GRAM = 3

/** Distinct 32-bit hashes (FNV-1a) of the trigrams of a folded text. */
export function trigramHashes(tenantId: string, entityNo: number, fieldNo: string, folded: string): number[] {
  const seed = fnv(`${tenantId}/${entityNo}/${fieldNo}/`, 0x811c9dc5)
  const letters = Array.from(folded)
  const hashes = new Set<number>()
  for (let at = 0; at + SHORTEST_GRAM <= letters.length; at++)
    hashes.add(fnv(`${letters[at]}${letters[at + 1]}${letters[at + 2]}`, seed) | 0)
  return [...hashes]
}

function fnv(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) {
    hash ^= text.charCodeAt(at)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash
}
