/** Imports (contracts §2): a file and a map go in, a job tells how it goes; what it wrote can be taken back. */
import { IMPORT_BYTES, ROWS_PAGE, type ImportView } from '../../transfer/index.ts'
import { onceMade } from '../once-made.ts'
import { receiveImport } from '../receive-import.ts'
import { recordContext } from '../record-context.ts'
import type { DoorRequest, Route } from '../route.ts'

const access = { capability: 'data.import' } as const
const idOf = (door: DoorRequest): string => door.params['id'] ?? ''
const accepted = (view: ImportView) => ({ status: 202, data: view, headers: { location: `/api/import/${view.id}` } })

export const importRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/import',
    access,
    upload: { maxBytes: IMPORT_BYTES },
    handler: async door => {
      const { imports } = door.engine
      const ctx = await recordContext(door)
      const { received, map, dryRun } = await receiveImport(door, imports)
      const memory = {
        body: { file: received.file.sha256, map, dry_run: dryRun },
        keep: (view: ImportView) => view,
        renew: (first: ImportView) => imports.show(ctx, first.id),
      }
      return accepted(await imports.begin(ctx, received, { map, dryRun }, onceMade(door, ctx, memory)))
    },
  },
  {
    method: 'GET',
    path: '/api/import/:id',
    access,
    handler: async door => ({ data: await door.engine.imports.show(await recordContext(door), idOf(door)) }),
  },
  {
    method: 'GET',
    path: '/api/import/:id/rows',
    access,
    query: {
      type: 'object',
      additionalProperties: false,
      properties: {
        limit: { type: 'integer', minimum: 1, maximum: ROWS_PAGE.most, title: 'Limit' },
        after: { type: 'integer', minimum: 0, maximum: 2_147_483_647, title: 'After' },
      },
    },
    handler: async door => door.engine.imports.rows(await recordContext(door), idOf(door), door.query),
  },
  {
    method: 'GET',
    path: '/api/import/:id/errors',
    access,
    handler: async door => {
      const { content, encoding, filename } = await door.engine.imports.errors(await recordContext(door), idOf(door))
      const name = `attachment; filename="errors.csv"; filename*=UTF-8''${encodeURIComponent(filename)}`
      return { stream: content, headers: { 'content-type': `text/csv; charset=${encoding}`, 'content-disposition': name } }
    },
  },
  {
    method: 'POST',
    path: '/api/import/:id/undo',
    access,
    handler: async door => accepted(await door.engine.imports.undo(await recordContext(door), idOf(door))),
  },
]
