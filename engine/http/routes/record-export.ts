/** Records as a file (contracts §2). */
import { Readable } from 'node:stream'
import { exportRecords, type ExportRequest } from '../../records/index.ts'
import { csvOf, jsonOf } from '../../transfer/index.ts'
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
      properties: { query: { title: 'Query' }, format: { enum: ['csv', 'json'], title: 'Format' } },
    },
    handler: async door => {
      const { query = {}, format } = door.body as Partial<ExportRequest> & Pick<ExportRequest, 'format'>
      const entity = door.params['entity'] ?? ''
      const exported = await exportRecords(await recordContext(door), entity, { query, format })
      const type = format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/json; charset=utf-8'
      const headers = { 'content-type': type, 'content-disposition': `attachment; filename="${entity}.${format}"` }
      return { stream: Readable.from(format === 'csv' ? csvOf(exported) : jsonOf(exported)), headers }
    },
  },
]
