/** What a backup or a restore refuses, in words for the operator. Nothing has been changed when it is thrown. */

/** Why a backup was not made or not taken back. */
export class BackupRefused extends Error {
  readonly reason: Reason
  constructor(reason: Reason, message: string) {
    super(message)
    this.name = 'BackupRefused'
    this.reason = reason
  }
}

export type Reason =
  | 'not_a_backup'
  | 'damaged'
  | 'newer'
  | 'older'
  | 'other_secret'
  | 'not_in_it'
  | 'there_already'
  | 'not_there'
  | 'not_alone'
  | 'no_key'

/** A file that is not what it was when it was made. */
export function damaged(where: string): BackupRefused {
  return new BackupRefused('damaged', `The backup is damaged: ${where}. Nothing was changed; use another copy of it.`)
}

/** A file that never was one. */
export function noBackup(): BackupRefused {
  return new BackupRefused('not_a_backup', 'This is no backup of Nexus.')
}
