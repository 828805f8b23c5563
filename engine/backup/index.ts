/** Face of the backup room: all of an installation or one tenant into a stream, and back. */
export { sealing } from './file-seal.ts'
export type { BackupHead, BackupTenant, SchemaStep } from './format.ts'
export { BackupRefused } from './refusal.ts'
export {
  type BackupSource,
  chooseTenants,
  isOlder,
  restoreBackup,
  type RestoreRequest,
  type RestoreSummary,
  type VerifiedBackup,
  verifyBackup,
} from './restore-backup.ts'
export type { RestoredTenant } from './restore-tenant.ts'
export { type BackupRequest, type BackupSummary, writeBackup } from './write-backup.ts'
