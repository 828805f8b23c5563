/**
 * Takes an upload in: the map is read and decided for the caller, the file kept and its first rows looked at, the job written. What can be
 * refused at once is refused here, before a job is there.
 */
import { checkDocument } from '../../metadata/check-document.ts'
import type { ImportMap } from '../../metadata/generated/types.ts'
import { nearestHint } from '../../metadata/nearest.ts'
import { said, words } from '../../metadata/said.ts'
import { grantOver } from '../access/index.ts'
import { append as appendAudit } from '../audit/index.ts'
import { newId } from '../kernel/ids.ts'
import { parseJson } from '../kernel/json.ts'
import { languageTools } from '../kernel/schema.ts'
import type { TenantConnection } from '../platform/index.ts'
import type { RecordContext } from '../records/index.ts'
import { columnAt, dialectOf } from './csv-dialect.ts'
import { transferErrors } from './errors.ts'
import type { ImportFiles, KeptFile } from './import-files.ts'
import { insertJob } from './job-store.ts'
import { invalid, planImport } from './plan-import.ts'
import type { Script } from './read-rows.ts'
import { decodedHead, encodingOf } from './text-encoding.ts'
import { type ImportPayload, NOTHING, type Progress, type StoredJob } from './types.ts'

/** A file that lies here and waits for its job. */
export interface Received {
  readonly jobId: string
  readonly file: KeptFile
  readonly filename: string | null
}

/** Reads a map: the key of one of the tenant's, or a document of its own. Throws TRANSFER_UNKNOWN_MAP and TRANSFER_MAP_INVALID. */
export function parseMap(ctx: RecordContext, given: string): ImportMap {
  if (!given.trimStart().startsWith('{')) {
    const map = ctx.model.importMaps.get(given.trim())
    const seen = [...ctx.model.importMaps.values()].filter(each => grantOver(ctx.model, ctx.caller.profiles, each.entity) !== null)
    if (map === undefined || !seen.includes(map))
      throw transferErrors.UNKNOWN_MAP(
        { map: given.trim().slice(0, 60) },
        {
          errors: [
            said(
              { pointer: '', code: 'TRANSFER_UNKNOWN_MAP' },
              words('There is no such import map.'),
              nearestHint(
                given.trim(),
                seen.map(each => each.key),
              ).hint,
            ),
          ],
        },
      )
    return map
  }
  const parsed = parseJson(given)
  if (!parsed.ok) throw invalid([parsed.problem])
  const document =
    typeof parsed.value === 'object' && parsed.value !== null ? { kind: 'import_map', key: 'inline', ...parsed.value } : parsed.value
  const problems = checkDocument(document, languageTools.validate)
  const isMap =
    typeof document === 'object' && document !== null && 'kind' in document && document.kind === 'import_map' && !('extends' in document)
  if (problems.length > 0 || !isMap)
    throw invalid(
      problems.length > 0
        ? problems
        : [said({ pointer: '/kind', code: 'MODEL_UNKNOWN_KIND' }, words('A document of kind “{kind}” is needed.', { kind: 'import_map' }))],
    )
  return document as unknown as ImportMap
}

/** Keeps a file. Throws TRANSFER_FILE_TOO_LARGE. */
export async function receive(files: ImportFiles, content: AsyncIterable<Buffer>, filename: string | null, now: Date): Promise<Received> {
  const jobId = newId(now.getTime())
  return { jobId, file: await files.keep(jobId, content), filename: filename === null ? null : nameOf(filename) }
}

/** What is asked of a received file, after a look at its first rows. Throws TRANSFER_*, ACCESS_*. */
export function payloadOf(ctx: RecordContext, { file, filename }: Received, map: ImportMap, dryRun: boolean): ImportPayload {
  planImport(ctx, map)
  const { traceId, traceparent, route, ip, caller } = ctx
  return {
    map,
    script: scriptOf(file, map),
    file: file.name,
    bytes: file.bytes,
    sha256: file.sha256,
    filename,
    dry_run: dryRun,
    session_id: caller.sessionId,
    api_key_id: caller.apiKeyId,
    origin: { traceId, traceparent, route, ip },
  }
}

/** Writes the job of a received file. */
export async function beginImport(
  connection: TenantConnection,
  ctx: RecordContext,
  jobId: string,
  payload: ImportPayload,
  lease: { readonly holder: string; readonly until: Date } | null,
): Promise<StoredJob> {
  const progress: Progress = { step: 0, phase: 'rows', total: null, done: 0, row: 0, counts: NOTHING }
  await insertJob(connection, { id: jobId, kind: 'import', userId: ctx.caller.userId, payload, progress, now: ctx.now, lease })
  const { map, dry_run, bytes, sha256 } = payload
  await appendAudit(connection, ctx, {
    action: 'import.started',
    entity: map.entity,
    details: { import_id: jobId, map: map.key, dry_run, bytes, sha256 },
  })
  const at = ctx.now.toISOString()
  return {
    id: jobId,
    tenantId: ctx.caller.tenant.id,
    userId: ctx.caller.userId,
    kind: 'import',
    status: lease === null ? 'queued' : 'running',
    payload,
    progress,
    result: null,
    attempts: 0,
    createdAt: at,
    updatedAt: at,
  }
}

/** Columns of the file that the map says nothing of. */
export function ignoredColumns({ map, script }: Pick<ImportPayload, 'map' | 'script'>): string[] {
  const used = new Set(Object.keys(map.columns).map(name => columnAt(script.header, name)))
  return script.header.filter((name, at) => name !== '' && !used.has(at))
}

function scriptOf({ bytes, head }: KeptFile, map: ImportMap): Script {
  if (bytes === 0) throw transferErrors.FILE_EMPTY({})
  const encoding = encodingOf(head, map.encoding)
  if (encoding === 'spreadsheet' || encoding === 'binary') throw transferErrors.FILE_NO_TEXT({ kind: encoding })
  const text = decodedHead(head, encoding)
  if (text.trim() === '') throw transferErrors.FILE_EMPTY({})
  const dialect = dialectOf(text, Object.keys(map.columns), map.delimiter)
  if ('delimiter' in dialect) return { ...dialect, encoding }
  const quoted = (names: readonly string[]): string =>
    names
      .slice(0, 30)
      .map(name => `“${name.slice(0, 60)}”`)
      .join(', ')
  throw transferErrors.FILE_COLUMNS({ missing: quoted([...dialect.missing, ...dialect.twice]), found: quoted(dialect.found) })
}

/** The last part of a path without what has no place in a file's name. */
function nameOf(filename: string): string {
  return (filename.split(/[/\\]/).at(-1) ?? '').replaceAll(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 200)
}
