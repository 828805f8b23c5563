/** The audit: who did what, when, in the transaction of the act; sealed afterwards, readable by auditors. */
export { append, type AuditEntry, type AuditOrigin } from './append.ts'
export { auditKeyOf, type AuditRow, NO_HEAD } from './canonical.ts'
export { createDenialLedger, type Denial, type DenialLedger } from './denials.ts'
export { AUDIT_PAGE, type AuditFilter, type AuditPage, exportAudit, type KnowsField, listAudit } from './list-audit.ts'
export { type Sealer, startSealer } from './sealer.ts'
export { type AuditBreak, type AuditVerdict, breakOfLink, breakOfRows, type SignedSeal, verifyAudit } from './verify.ts'
