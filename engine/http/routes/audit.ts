/** The tenant's audit, for those who hold `audit.read`. */
import { AUDIT_PAGE, type AuditFilter, listAudit } from '../../audit/index.ts'
import type { Route } from '../route.ts'

const id = { type: 'string', format: 'uuid', maxLength: 36 } as const
const instant = { type: 'string', format: 'date-time', maxLength: 40 } as const

const query = {
  type: 'object',
  additionalProperties: false,
  properties: {
    actor: { ...id, title: 'Actor' },
    action: { type: 'string', pattern: '^[a-z_]{1,40}\\.[a-z_]{1,40}$', title: 'Action' },
    entity: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,47}$', title: 'Entity' },
    record_id: { ...id, title: 'Record' },
    from: { ...instant, title: 'From' },
    to: { ...instant, title: 'To' },
    limit: { type: 'integer', minimum: 1, maximum: AUDIT_PAGE.most, title: 'Limit' },
    after: { type: 'string', maxLength: 1000, title: 'After' },
  },
} as const

export const auditRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/admin/audit',
    access: { capability: 'audit.read' },
    query,
    handler: async ({ engine, ctx, query: asked }) => {
      const { limit, after, ...filter } = asked as AuditFilter & { limit?: number; after?: string }
      const reader = { tenantId: ctx.caller.tenant.id, userId: ctx.caller.userId, now: ctx.now }
      return listAudit(engine, reader, filter, { ...(limit === undefined ? {} : { limit }), ...(after === undefined ? {} : { after }) })
    },
  },
]
