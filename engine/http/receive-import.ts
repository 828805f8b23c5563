/** Reads the upload of an import: one file, the map, whether it is a dry run; in any order. A file whose request is faulty does not stay. */
import { said, type Said, words } from '../../metadata/said.ts'
import type { Imports, Received } from '../transfer/index.ts'
import { transferErrors } from '../transfer/index.ts'
import { httpErrors } from './errors.ts'
import type { DoorRequest } from './route.ts'

/** An upload that has arrived in full. */
export interface ImportUpload {
  readonly received: Received
  readonly map: string
  readonly dryRun: boolean
}

const FIELDS: ReadonlySet<string> = new Set(['map', 'dry_run'])

/** Takes the parts in. Throws TRANSFER_FILE_REQUIRED, HTTP_BODY_INVALID, HTTP_UPLOAD_TOO_LARGE. */
export async function receiveImport(door: DoorRequest, imports: Imports): Promise<ImportUpload> {
  const fields = new Map<string, string>()
  let received: Received | null = null
  try {
    for await (const part of door.parts()) {
      if (part.kind === 'file') {
        if (part.name !== 'file' || received !== null) throw unexpected(part.name)
        received = await imports.receive(part.content, part.filename)
      } else {
        if (!FIELDS.has(part.name) || fields.has(part.name)) throw unexpected(part.name)
        fields.set(part.name, part.value)
      }
    }
    const map = fields.get('map')
    const dryRun = fields.get('dry_run') ?? 'false'
    if (received === null || map === undefined || map.trim() === '') throw transferErrors.FILE_REQUIRED({})
    if (dryRun !== 'true' && dryRun !== 'false')
      throw invalidField('dry_run', 'VALIDATE_TYPE', words('“{name}” is true or false.', { name: 'dry_run' }))
    return { received, map, dryRun: dryRun === 'true' }
  } catch (error) {
    if (received !== null) await imports.throwAway(received)
    throw error
  }
}

function unexpected(name: string): Error {
  return invalidField(name, 'HTTP_UNKNOWN_PART', words('The parts are “file”, “map” and “dry_run”, each once.'))
}

function invalidField(name: string, code: string, message: Said): Error {
  return httpErrors.BODY_INVALID({ count: 1 }, { errors: [said({ pointer: `/${name.slice(0, 60)}`, code }, message)] })
}
