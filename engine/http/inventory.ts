/**
 * Every route there is. What is not listed here is not served; a test compares the list with what the server answers to,
 * and the isolation suite is generated from it.
 */
import type { Route } from './route.ts'
import { adminApiKeyRoutes } from './routes/admin-api-keys.ts'
import { adminRoleRoutes } from './routes/admin-roles.ts'
import { adminSessionRoutes } from './routes/admin-sessions.ts'
import { adminUserRoutes } from './routes/admin-users.ts'
import { auditRoutes } from './routes/audit.ts'
import { authRoutes } from './routes/auth.ts'
import { clientRoutes } from './routes/client.ts'
import { docsRoutes } from './routes/docs.ts'
import { healthRoutes } from './routes/health.ts'
import { importRoutes } from './routes/import.ts'
import { meRoutes } from './routes/me.ts'
import { modelRoutes } from './routes/model.ts'
import { openApiRoutes } from './routes/openapi.ts'
import { platformTenantRoutes } from './routes/platform-tenants.ts'
import { recordExportRoutes } from './routes/record-export.ts'
import { recordExtraRoutes } from './routes/record-extras.ts'
import { recordRoutes } from './routes/records.ts'
import { referenceRoutes } from './routes/reference.ts'
import { searchRoutes } from './routes/search.ts'
import { studioDocumentRoutes } from './routes/studio-documents.ts'
import { studioDraftRoutes } from './routes/studio-draft.ts'
import { studioRevisionRoutes } from './routes/studio-revisions.ts'
import { typesRoutes } from './routes/types.ts'

/** Served beside them only where an operator has asked for metrics, and by the port he has named. */
export { metricsRoutes } from './routes/metrics.ts'

export const routes: readonly Route[] = [
  ...healthRoutes,
  ...referenceRoutes,
  ...clientRoutes,
  ...authRoutes,
  ...meRoutes,
  ...modelRoutes,
  ...docsRoutes,
  ...typesRoutes,
  ...recordRoutes,
  ...recordExtraRoutes,
  ...importRoutes,
  ...recordExportRoutes,
  ...searchRoutes,
  ...studioDocumentRoutes,
  ...studioDraftRoutes,
  ...studioRevisionRoutes,
  ...adminUserRoutes,
  ...adminRoleRoutes,
  ...adminSessionRoutes,
  ...adminApiKeyRoutes,
  ...auditRoutes,
  ...platformTenantRoutes,
  // What describes the others is told of them.
  ...openApiRoutes(() => routes),
]

/** The methods that a path knows under these routes, HEAD beside GET; none for a path of no route. */
export function methodsOf(declared: readonly Route[], path: string): string[] {
  const methods = declared.filter(route => matches(route.path, path)).map(route => route.method)
  return [...new Set(methods.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].sort()
}

function matches(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  return wanted.length === given.length && wanted.every((part, n) => (part.startsWith(':') ? given[n] !== '' : part === given[n]))
}
