/** The roles that administrators can give; roles themselves are metadata documents. */
import type { Route } from '../route.ts'

export const adminRoleRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/admin/roles',
    access: { capability: 'users.manage' },
    handler: async ({ engine, model }) => ({ data: engine.identity.roles.list(await model()) }),
  },
]
