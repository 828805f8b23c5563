/** Requests that carry records in and out in numbers, or turn one into others: with ids of the other tenant and of nobody. */
import type { CallerView, Step } from './caller-view.ts'
import { NOBODY } from './calls-reading.ts'
import type { Method } from './world-boot.ts'

type Calls = (view: CallerView) => Step[]

const call = (method: Method, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Step => ({
  name: `${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`,
  request: { method, path, headers, ...(body === undefined ? {} : { body }) },
})

const BOUNDARY = 'boundary-of-the-isolation-suite'
const FORM = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }

/** A dry run of a file under a map, which writes nothing. */
export function upload(map: string, file: string): Step {
  const parts = [
    `content-disposition: form-data; name="map"\r\n\r\n${map}`,
    `content-disposition: form-data; name="dry_run"\r\n\r\ntrue`,
    `content-disposition: form-data; name="file"; filename="x.csv"\r\ncontent-type: text/csv\r\n\r\n${file}`,
  ]
  const body = `${parts.map(part => `--${BOUNDARY}\r\n${part}\r\n`).join('')}--${BOUNDARY}--\r\n`
  return { name: `import ${map} ${file}`, request: { method: 'POST', path: '/api/import', headers: FORM, body } }
}

/** An import of nobody, of the other tenant's people, and no id at all. */
const jobs = (view: CallerView): string[] => [NOBODY, view.world.id(view.foreign, 'user/rep_two'), 'no-id']
const AT_ONE = { 'if-match': '"1"' }

/** Export, conversion, import. */
export const movingCalls: Readonly<Record<string, Calls>> = {
  'POST /api/records/:entity/export': () =>
    ['deal', 'customer', 'product', 'nothing'].flatMap(entity => [
      call('POST', `/api/records/${entity}/export`, { query: { limit: 5 }, format: 'csv' }),
      call('POST', `/api/records/${entity}/export`, { query: { select: ['margin_total'], limit: 5 }, format: 'json' }),
    ]),
  'POST /api/records/:entity/:id/convert': view =>
    jobs(view).map(id => call('POST', `/api/records/lead/${id}/convert`, { conversion: 'to_customer' }, AT_ONE)),
  'POST /api/import': () => [
    upload('crm_accounts', 'account\nNo map of mine\n'),
    upload('nothing', 'name\nx\n'),
    call('POST', '/api/import', { map: 'crm_accounts' }, FORM),
  ],
  'GET /api/import/:id': view => jobs(view).map(id => call('GET', `/api/import/${id}`)),
  'GET /api/import/:id/rows': view => jobs(view).map(id => call('GET', `/api/import/${id}/rows`)),
  'GET /api/import/:id/errors': view => jobs(view).map(id => call('GET', `/api/import/${id}/errors`)),
  'POST /api/import/:id/undo': view => jobs(view).map(id => call('POST', `/api/import/${id}/undo`)),
}
