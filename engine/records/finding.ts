/** Something stored that differs from what it should be, as the check of derived values reports it. */

/** What is stored and what it should be. */
export interface Finding {
  readonly entity: string
  readonly id: string
  readonly kind: 'rollup' | 'formula' | 'base' | 'slot' | 'unique' | 'value' | 'search' | 'ancestor' | 'reference' | 'history'
  /** Field key, or the number of a unique rule. */
  readonly place: string
  readonly stored: unknown
  readonly expected: unknown
}
