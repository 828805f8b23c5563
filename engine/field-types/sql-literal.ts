/** Texts of the metadata inside SQL expressions. Values of records never come here: they are bound. */

/** A text as an SQL literal; a backslash is a plain character under standard_conforming_strings, which Postgres has on. */
export function sqlLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
