/** Refuses an answer with more records to sort than are sorted (storage rule 8), a list's own and those of lists inside of it alike. */
import { type Tied, TIED_MOST } from '../sql/index.ts'
import { queryFailed, sortTooLarge } from '../validate/index.ts'

/** Throws where an answer was not sorted. */
export function requireSorted(tied: Tied | null | undefined): void {
  if (tied != null) throw queryFailed([sortTooLarge(TIED_MOST, tied.pointer, tied.byOneKey)])
}
