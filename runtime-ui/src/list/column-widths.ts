/**
 * How wide the columns of a table are: as wide as what the first rows say, between bounds of the kind of value. What was found for the same
 * columns before stays the least, so that a table does not jump when it is sorted or comes back. Measures text; draws nothing.
 */
import type { RecordData } from '../api/model.ts'
import { displayOf, type DisplayScope, textOf } from '../display/field-text.ts'
import type { Column } from './columns.ts'

/** Padding of a cell, and the arrow and place that a sorted head carries besides its label. */
const CELL_PADDING = 26
const HEAD_MARKS = 30
const LONGEST_HEAD = 260
/** What badges and marks stand around their words. */
const MARKS = 22
const NARROWEST = 64
const LONGEST = 260
const TITLE = { least: 200, most: 380 }
/** More rows than a window shows say nothing new. */
const SAMPLE = 50

const found = new Map<string, readonly number[]>()

/** Width of a text in px; `strong` is how heads and the first column are drawn. */
export type Measure = (text: string, strong: boolean) => number

/** The widths of these columns in px. */
export function columnWidths(
  entity: string,
  columns: readonly Column[],
  titleField: string,
  rows: readonly RecordData[],
  scope: DisplayScope,
  measure: Measure = measureText,
): readonly number[] {
  const key = [entity, scope.locale, ...columns.map(column => column.path)].join(' ')
  const known = found.get(key)
  if (rows.length === 0)
    return (
      known ??
      columns.map((column, place) => Math.max(headWidth(column, measure), place === 0 ? TITLE.least : displayOf(column.field).width))
    )
  const sample = rows.slice(0, SAMPLE)
  const widths = columns.map((column, place) =>
    Math.max(known?.[place] ?? 0, widthOf(column, place, column.path === titleField, sample, scope, measure)),
  )
  found.set(key, widths)
  return widths
}

function widthOf(
  column: Column,
  place: number,
  isTitle: boolean,
  rows: readonly RecordData[],
  scope: DisplayScope,
  measure: Measure,
): number {
  const marks = column.field.options || column.field.right === 'mask' || column.field.kind === 'boolean' ? MARKS : 0
  const texts = rows.map(row => textOf(column.read(row), column.field, scope, column.owner(row)))
  // The widest text is among the longest ones: only those are worth measuring.
  const longest = Math.max(0, ...texts.map(text => text.length))
  const widest = Math.max(0, ...texts.filter(text => text.length >= longest * 0.8).map(text => measure(text, place === 0)))
  const [least, most] = isTitle ? [TITLE.least, TITLE.most] : [NARROWEST, Math.max(LONGEST, displayOf(column.field).width)]
  return Math.max(headWidth(column, measure), Math.min(most, Math.max(least, Math.ceil(widest) + marks + CELL_PADDING)))
}

function headWidth(column: Column, measure: Measure): number {
  return Math.min(LONGEST_HEAD, Math.ceil(measure(column.label, true)) + CELL_PADDING + (column.sortKey === null ? 0 : HEAD_MARKS))
}

let pen: CanvasRenderingContext2D | null = null

/** In the font of the table. */
function measureText(text: string, strong: boolean): number {
  pen ??= document.createElement('canvas').getContext('2d')
  if (pen === null) return text.length * 8
  pen.font = `${strong ? 500 : 400} 13px ${getComputedStyle(document.body).fontFamily}`
  return pen.measureText(text).width
}
