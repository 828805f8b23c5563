/** Parses the `search` of a query: its text, and the fields it is looked for in, as far as policy and caller have them. */
import type { Problem } from '../../metadata/problem.ts'
import type { Grant } from '../access/types.ts'
import type { CompiledField } from '../model/types.ts'
import { comparableField, type Lens } from './caller-scope.ts'
import { capExceeded, plainProblem } from './name-problems.ts'

/** A search of more words finds nothing that fewer do not. */
const MOST_WORDS = 10

/** The fields a search of this caller looks into. */
export function searchableFields(lens: Lens, grant: Grant): CompiledField[] {
  const listed = lens.model.policies.get(grant.entity.key)?.search ?? []
  return listed.flatMap(key => {
    const field = comparableField(grant, key)
    return field === undefined || !field.searchable || field.building === true ? [] : [field]
  })
}

/** Parses a search: its text and where it is looked for. */
export function parseSearch(
  lens: Lens,
  grant: Grant,
  text: string | undefined,
  problems: Problem[],
): { text: string | null; fields: readonly CompiledField[] } {
  if (text === undefined) return { text: null, fields: [] }
  const fields = searchableFields(lens, grant)
  if (fields.length === 0) problems.push(plainProblem('/search', 'VALIDATE_NOT_SEARCHABLE', 'There is nothing here that can be searched.'))
  if (text.trim().split(/\s+/u).length > MOST_WORDS) problems.push(capExceeded('max_search_words', MOST_WORDS, '/search'))
  const words = text.trim()
  return words === '' ? { text: null, fields: [] } : { text: words, fields }
}
