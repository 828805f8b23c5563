/** Face of the transfer room: records come in from files and go out to them. */
export type { Received } from './begin-import.ts'
export { IMPORT_BYTES, keepFilesIn } from './import-files.ts'
export { createImports, type ImportRequest, type Imports, type JobEnvelope } from './imports.ts'
export { transferErrors } from './errors.ts'
export { asTrial } from './trial.ts'
export { ROWS_PAGE } from './show-import.ts'
export type { Admit, Counts, ImportView, Principal, Progress, RowView } from './types.ts'
export { EXPORT_TYPES, fileOf } from './write-export.ts'
