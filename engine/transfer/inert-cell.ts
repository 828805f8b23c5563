/**
 * Cells that a spreadsheet would run as a formula, made inert on the way out and given back as they were on the way in (security R15).
 * Pure; knows no field.
 */

const FORMULA = /^'*[=+\-@\t\r]/
const NUMBER = /^-?[0-9]+(?:[.,][0-9]+)?$/

/** A cell that no spreadsheet runs: an apostrophe before what begins like a formula. Plain numbers stay numbers. */
export function inertCell(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
}

/** What a cell said before it was made inert. */
export function plainCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell
}
