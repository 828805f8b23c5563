/** The tenant's audit, for those who hold `audit.read`. */
import { Readable } from 'node:stream'
import { grantOver } from '../../access/index.ts'
import { append, AUDIT_PAGE, type AuditFilter, exportAudit, type KnowsField, listAudit } from '../../audit/index.ts'
import type { DoorRequest, Route } from '../route.ts'

const id = { type: 'string', format: 'uuid', maxLength: 36 } as const
const instant = { type: 'string', format: 'date-time', maxLength: 40 } as const

const filter = {
  actor: { ...id, title: 'Actor' },
  action: { type: 'string', pattern: '^[a-z_]{1,40}\\.[a-z_]{1,40}$', title: 'Action' },
  entity: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,47}$', title: 'Entity' },
  record_id: { ...id, title: 'Record' },
  from: { ...instant, title: 'From' },
  to: { ...instant, title: 'To' },
} as const

const page = {
  limit: { type: 'integer', minimum: 1, maximum: AUDIT_PAGE.most, title: 'Limit' },
  after: { type: 'string', maxLength: 1000, title: 'After' },
} as const

/** The fields and paths that exist for the reader by what his profiles grant at this moment. */
async function knownTo(door: DoorRequest): Promise<KnowsField> {
  const { model, caller } = await door.model()
  return (entity, path) => {
    let grant = grantOver(model, caller.profiles, entity)
    return path.split('.').every(name => {
      const field = grant?.fields.get(name)?.field
      grant = field?.target == null ? null : (grant?.over(field.target) ?? null)
      return field !== undefined
    })
  }
}

export const auditRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/admin/audit',
    access: { capability: 'audit.read' },
    query: { type: 'object', additionalProperties: false, properties: { ...filter, ...page } },
    handler: async door => {
      const { engine, ctx, query: asked } = door
      const { limit, after, ...wanted } = asked as AuditFilter & { limit?: number; after?: string }
      const reader = { tenantId: ctx.caller.tenant.id, userId: ctx.caller.userId, now: ctx.now, knows: await knownTo(door) }
      return listAudit(engine, reader, wanted, { ...(limit === undefined ? {} : { limit }), ...(after === undefined ? {} : { after }) })
    },
  },
  {
    method: 'GET',
    path: '/api/admin/audit/export',
    access: { capability: 'audit.read' },
    query: { type: 'object', additionalProperties: false, properties: filter },
    handler: async door => {
      const { engine, ctx, query } = door
      const knows = await knownTo(door)
      const tenantId = ctx.caller.tenant.id
      await engine.database.writeAs(tenantId, connection =>
        append(connection, ctx, { action: 'audit.exported', details: { filter: query as Record<string, string> } }),
      )
      const headers = { 'content-type': 'application/jsonl; charset=utf-8', 'content-disposition': 'attachment; filename="audit.jsonl"' }
      return { stream: Readable.from(exportAudit(engine.database, tenantId, query, knows)), headers }
    },
  },
]
