/** Records as a file (contracts §2). */
import { Readable } from 'node:stream'
import { exportRecords, type ExportRequest } from '../../records/index.ts'
import { EXPORT_TYPES, fileOf } from '../../transfer/index.ts'
import { recordContext } from '../record-context.ts'
import type { Route } from '../route.ts'

export const recordExportRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/records/:entity/export',
    access: { capability: 'data.export' },
    operation: 'export',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['format'],
      properties: { query: { title: 'Query' }, format: { enum: ['csv', 'xlsx', 'json'], title: 'Format' } },
    },
    handler: async door => {
      const { query = {}, format } = door.body as Partial<ExportRequest> & Pick<ExportRequest, 'format'>
      const entity = door.params['entity'] ?? ''
      const ctx = await recordContext(door)
      const file = await fileOf(() => exportRecords(ctx, entity, { query, format }), format, ctx.caller)
      const headers = { 'content-type': EXPORT_TYPES[format], 'content-disposition': `attachment; filename="${entity}.${format}"` }
      return { stream: Readable.from(file), headers }
    },
  },
]
