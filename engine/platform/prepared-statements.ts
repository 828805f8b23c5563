/**
 * What each connection has prepared: names by text, how the rows of each are read, and names that the server is yet to be told are given up.
 * Names are the connection's own: the same statement with another text after a new revision can't clash. Knows nothing of sending.
 */
import type pg from 'pg'

/** Prepared statements kept per connection; beyond it the one unused for longest goes (storage rule 6). */
export const NAMED_STATEMENTS_KEPT = 200

type Parser = (text: string) => unknown

/** How rows of a statement are read: one list for names and one for parsers. */
export interface Shape {
  readonly names: readonly string[]
  readonly parsers: readonly Parser[]
}

/** The prepared statements of one connection. */
export class PreparedStatements {
  /** Statement text → name on the server, least recently used first. */
  readonly #names = new Map<string, string>()
  /** What is there or on its way there; null until its first answer has come. */
  readonly #shapes = new Map<string, Shape | null>()
  #closing: string[] = []
  #made = 0

  /** The name under which a text is, or will be, prepared. */
  nameOf(text: string): string {
    const name = this.#names.get(text) ?? `nexus_${(this.#made += 1)}`
    this.#names.delete(text)
    this.#names.set(text, name)
    if (this.#names.size > NAMED_STATEMENTS_KEPT) {
      const oldest = this.#names.keys().next().value
      if (oldest !== undefined) this.forget(oldest)
    }
    return name
  }

  /** Whether the server has to be given the text first; from now on it has been. */
  parses(name: string): boolean {
    if (this.#shapes.has(name)) return false
    this.#shapes.set(name, null)
    return true
  }

  shapeOf(name: string): Shape | undefined {
    return this.#shapes.get(name) ?? undefined
  }

  learn(name: string, shape: Shape): void {
    if (this.#shapes.get(name) === null) this.#shapes.set(name, shape)
  }

  /** Gives a text's name up, whether the server knows it or not: closing what is not there is no error. The text gets another at its next use. */
  forget(text: string): void {
    const name = this.#names.get(text)
    if (name === undefined) return
    this.#names.delete(text)
    if (this.#shapes.delete(name)) this.#closing.push(name)
  }

  /** Names to be closed on the server before anything else; asked for once. */
  takeClosing(): readonly string[] {
    const names = this.#closing
    if (names.length > 0) this.#closing = []
    return names
  }
}

const byConnection = new WeakMap<pg.ClientBase, PreparedStatements>()

/** The list of a connection. */
export function preparedOn(client: pg.ClientBase): PreparedStatements {
  const known = byConnection.get(client)
  if (known !== undefined) return known
  const made = new PreparedStatements()
  byConnection.set(client, made)
  return made
}
