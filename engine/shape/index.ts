/** Face of the shape room: what answers look like. */
export { columnValue, type ExportColumn, exportColumns } from './export-columns.ts'
export { type Form, type FormMode, type FormRule, shapeForm } from './form.ts'
export { type Groups, shapeAggregate } from './shape-aggregate.ts'
export { type HistoryEntry, shapeHistoryEntry, type StoredChange } from './shape-history.ts'
export { shapeModel, titleFieldOf } from './model.ts'
export { type Fetched, type Page, shapePage } from './shape-page.ts'
export { speak } from './speak.ts'
export type { CallerNames } from './types.ts'
