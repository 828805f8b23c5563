/** Face of the sql room: plans and rows become statements. */
export { comparable, slotSqlOf } from './field-sql.ts'
export { type GroupRow, MEAN_DIGITS, renderAggregate } from './render-aggregate.ts'
export { type HistoryEntryRow, renderHistoryPage, renderSeenIds } from './render-history.ts'
export {
  type BitsRow,
  type ProbeRow,
  type ReferenceQuestion,
  type ReferenceRow,
  renderBits,
  renderProbe,
  renderReferences,
} from './render-probe.ts'
export { type Tied, TIED_MOST } from './most-tied.ts'
export { choosePath, FETCH_MOST, needsSizes, type Path, type Paths, pathsOf, renderSizes } from './paths.ts'
export {
  type CountRow,
  type OneRow,
  type PageShare,
  phasesOf,
  type Reading,
  renderCount,
  renderOne,
  renderRead,
  renderRevision,
} from './render-read.ts'
export { renderRollups, type RollupMeasure, type RollupRow } from './render-rollup.ts'
export {
  type HistoryRow,
  type LinkRow,
  renderHistory,
  renderReserveNumbers,
  type SearchRow,
  type UniqueRow,
  type ValueRow,
} from './render-satellites.ts'
export {
  renderDerivedUpdate,
  renderInsert,
  renderInsistedUpdate,
  renderLock,
  renderSlotFill,
  renderTrash,
  renderUpdate,
  rollupNumbers,
  slotFields,
  STATE_OF_MOVED_RECORD,
  type StoredRow,
} from './render-write.ts'
export { trigramHashes } from './trigrams.ts'
/** Statements of the rows beside records, under one name. */
export * as satellites from './render-satellites.ts'
/** Questions whether what is kept twice says the same. */
export * as checks from './render-check.ts'
