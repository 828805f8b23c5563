/** Requests of those who manage people, keys, sessions and the model, with ids of their own tenant, of the other one and of nobody. */
import type { CallerView, Step } from './caller-view.ts'
import { NOBODY } from './calls-reading.ts'
import type { Method } from './world-boot.ts'

type Calls = (view: CallerView) => Step[]

const call = (method: Method, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Step => ({
  name: `${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`,
  request: { method, path, headers, ...(body === undefined ? {} : { body }) },
})

/** Ids of somebody of one's own, of the other tenant, and of nobody. */
const people = (view: CallerView): string[] => [
  view.world.id(view.tenant, 'user/rep_two'),
  view.world.id(view.foreign, 'user/rep_two'),
  NOBODY,
  'no-id',
]
const keys = (view: CallerView): string[] => [view.world.id(view.foreign, 'api_key/clerk'), NOBODY, 'no-id']

/** `/api/admin/users` and what can be done to one user. */
export const userCalls: Readonly<Record<string, Calls>> = {
  'GET /api/admin/users': () => [
    call('GET', '/api/admin/users?limit=3'),
    call('GET', '/api/admin/users?limit=0'),
    call('GET', '/api/admin/users?after=x'),
  ],
  'POST /api/admin/users': view => [
    call('POST', '/api/admin/users', {
      email: 'new@north.test',
      name: 'New',
      roles: ['rep'],
      org_unit_id: view.world.id(view.foreign, 'org_unit/harbour'),
    }),
    call('POST', '/api/admin/users', { email: 'new@north.test', name: 'New', roles: ['nothing'] }),
    call('POST', '/api/admin/users', { email: 'new@north.test', name: 'New', roles: ['rep'], id: NOBODY }),
  ],
  'GET /api/admin/users/:id': view => people(view).map(id => call('GET', `/api/admin/users/${id}`)),
  'PATCH /api/admin/users/:id': view =>
    people(view)
      .slice(1)
      .map(id => call('PATCH', `/api/admin/users/${id}`, { name: 'Other' })),
  'POST /api/admin/users/:id/lock': view =>
    people(view)
      .slice(1)
      .map(id => call('POST', `/api/admin/users/${id}/lock`)),
  'POST /api/admin/users/:id/unlock': view =>
    people(view)
      .slice(1)
      .map(id => call('POST', `/api/admin/users/${id}/unlock`)),
  'POST /api/admin/users/:id/reset': view =>
    people(view)
      .slice(1)
      .map(id => call('POST', `/api/admin/users/${id}/reset`)),
}

/** Roles, sessions, keys, audit. */
export const rightsCalls: Readonly<Record<string, Calls>> = {
  'GET /api/admin/roles': () => [call('GET', '/api/admin/roles')],
  'GET /api/admin/sessions': view => [
    call('GET', '/api/admin/sessions?limit=2'),
    ...people(view)
      .slice(1, 3)
      .map(id => call('GET', `/api/admin/sessions?user_id=${id}`)),
  ],
  'DELETE /api/admin/sessions/:id': view => keys(view).map(id => call('DELETE', `/api/admin/sessions/${id}`)),
  'GET /api/admin/api_keys': () => [call('GET', '/api/admin/api_keys')],
  'POST /api/admin/api_keys': () => [
    call('POST', '/api/admin/api_keys', { name: 'k', roles: ['nothing'] }),
    call('POST', '/api/admin/api_keys', { name: 'k', roles: ['rep'], user_id: NOBODY }),
  ],
  'DELETE /api/admin/api_keys/:id': view => keys(view).map(id => call('DELETE', `/api/admin/api_keys/${id}`)),
  'GET /api/admin/audit': view => [
    call('GET', '/api/admin/audit?limit=20'),
    call('GET', '/api/admin/audit?entity=deal'),
    ...people(view)
      .slice(0, 3)
      .map(id => call('GET', `/api/admin/audit?actor=${id}`)),
    call('GET', `/api/admin/audit?record_id=${view.world.id(view.foreign, 'deal/mine')}`),
  ],
  'GET /api/admin/audit/export': view => [call('GET', `/api/admin/audit/export?record_id=${view.world.id(view.foreign, 'deal/mine')}`)],
}

/** The model's authors. */
export const studioCalls: Readonly<Record<string, Calls>> = {
  'GET /api/studio/schemas/:name': () =>
    ['entity', 'access_profile', 'nothing', '../package', '__proto__'].map(name =>
      call('GET', `/api/studio/schemas/${encodeURIComponent(name)}`),
    ),
  'GET /api/studio/documents': () => [
    call('GET', '/api/studio/documents'),
    call('GET', '/api/studio/documents?kind=role'),
    call('GET', '/api/studio/documents?kind=nothing'),
  ],
  'GET /api/studio/documents/:kind/:key': () =>
    ['entity/dossier', 'access_profile/sales_rep', 'entity/nothing', 'nothing/x', '__proto__/constructor'].map(path =>
      call('GET', `/api/studio/documents/${path}`),
    ),
  'GET /api/studio/where_used/:kind/:key': () =>
    ['entity/deal', 'entity/deal?field=amount', 'entity/nothing', 'nothing/x'].map(path => call('GET', `/api/studio/where_used/${path}`)),
  'GET /api/studio/draft': () => [call('GET', '/api/studio/draft')],
  'DELETE /api/studio/draft': () => [call('DELETE', '/api/studio/draft')],
  'PUT /api/studio/draft/:kind/:key': () => [
    call('PUT', '/api/studio/draft/entity/nothing', { kind: 'entity', key: 'something' }),
    call('PUT', '/api/studio/draft/nothing/x', {}),
    call('PUT', '/api/studio/draft/role/x', { kind: 'role', key: 'x', label: { en: 'X' }, capabilities: ['root'] }),
  ],
  'DELETE /api/studio/draft/:kind/:key': () => [
    call('DELETE', '/api/studio/draft/entity/nothing'),
    call('DELETE', '/api/studio/draft/nothing/x'),
  ],
  'POST /api/studio/draft/check': () => [call('POST', '/api/studio/draft/check')],
  'POST /api/studio/draft/publish': () => [call('POST', '/api/studio/draft/publish', { note: 1 })],
  'POST /api/studio/preview/form': () => [
    call('POST', '/api/studio/preview/form', { entity: 'deal', profiles: ['sales_rep'], mode: 'edit' }),
    call('POST', '/api/studio/preview/form', { entity: 'nothing', profiles: ['nothing'], mode: 'edit' }),
  ],
  'GET /api/studio/revisions': () => [call('GET', '/api/studio/revisions')],
  'GET /api/studio/revisions/:revision': () => ['1', '2', '99', '0', '-1', '1e1', 'x'].map(n => call('GET', `/api/studio/revisions/${n}`)),
  'GET /api/studio/revisions/:revision/diff/:other': () =>
    ['1/diff/2', '1/diff/99', 'x/diff/1'].map(n => call('GET', `/api/studio/revisions/${n}`)),
  'POST /api/studio/revisions/:revision/restore': () => ['99', 'x'].map(n => call('POST', `/api/studio/revisions/${n}/restore`)),
}

/** Routes of nobody's and of the operator's: a caller's token opens none of the latter. */
export const outerCalls: Readonly<Record<string, Calls>> = {
  'GET /health': () => [call('GET', '/health')],
  'GET /health/ready': () => [call('GET', '/health/ready')],
  'GET /version': () => [call('GET', '/version')],
  'GET /content/health': () => [call('GET', '/content/health')],
  'GET /content/version': () => [call('GET', '/content/version')],
  'GET /api/docs': () => [call('GET', '/api/docs')],
  'GET /api/docs/:file': () => ['docs.js', 'docs.css', 'page.html', '..%2fpage.html'].map(file => call('GET', `/api/docs/${file}`)),
  'GET /problems/:code': () => ['not-found', 'nothing', '__proto__'].map(code => call('GET', `/problems/${code}`)),
  'GET /api/schemas/events/:type/:version': () =>
    ['record.updated/1', 'record.updated/0', 'nothing/1', '__proto__/1'].map(path => call('GET', `/api/schemas/events/${path}`)),
  'GET /api/client.js': () => [call('GET', '/api/client.js')],
  'GET /api/client.d.ts': () => [call('GET', '/api/client.d.ts')],
  'POST /api/auth/login': view => [
    call('POST', '/api/auth/login', { tenant: view.foreign, email: `rep@${view.tenant}.test`, password: 'correct horse battery' }),
    call('POST', '/api/auth/login', { tenant: 'nowhere', email: `rep@${view.tenant}.test`, password: 'correct horse battery' }),
  ],
  'POST /api/auth/refresh': () => [call('POST', '/api/auth/refresh', undefined, { 'sec-fetch-site': 'same-origin' })],
  'POST /api/auth/logout': () => [
    call('POST', '/api/auth/logout', undefined, { authorization: 'Bearer nothing', 'sec-fetch-site': 'same-origin' }),
  ],
  'POST /api/auth/password/forgot': view => [
    call('POST', '/api/auth/password/forgot', { tenant: view.foreign, email: `rep@${view.tenant}.test` }),
  ],
  'POST /api/auth/password/reset': () => [
    call('POST', '/api/auth/password/reset', { token: 'x'.repeat(80), password: 'correct horse battery' }),
  ],
  'GET /api/me': () => [call('GET', '/api/me')],
  'PATCH /api/me': () => [
    call('PATCH', '/api/me', { name: 'x' }),
    call('PATCH', '/api/me', { roles: ['admin'] }),
    call('PATCH', '/api/me', { locale: 'xx' }),
  ],
  'POST /api/me/password': () => [call('POST', '/api/me/password', { current_password: 'wrong', password: 'another horse battery' })],
  'GET /api/platform/tenants': () => [call('GET', '/api/platform/tenants')],
  'POST /api/platform/tenants': () => [
    call('POST', '/api/platform/tenants', {
      key: 'mine',
      name: 'Mine',
      packs: ['sales'],
      admin: { email: 'a@mine.test', password: 'correct horse battery' },
      locale: 'en',
      currency: 'EUR',
    }),
  ],
  'PATCH /api/platform/tenants/:key': view => [
    call('PATCH', `/api/platform/tenants/${view.foreign}`, { status: 'suspended' }),
    call('PATCH', `/api/platform/tenants/${view.tenant}`, { status: 'suspended' }),
  ],
}
