/**
 * Writes down refused requests: each in a small transaction of its own, since that of the refused act was rolled back.
 * A flood of them is counted instead of written, so that nobody can fill the disk by asking for what is not his.
 */
import type { Caller } from '../kernel/context.ts'
import type { Log } from '../kernel/log.ts'
import type { SecurityLog } from '../kernel/security-log.ts'
import { TokenBuckets } from '../kernel/token-bucket.ts'
import type { Database } from '../platform/index.ts'
import { append } from './append.ts'

/** The request that was refused, and how. Entity and record are as the caller spelt them, if they look like any. */
export interface Denial {
  readonly now: Date
  readonly traceId: string
  readonly ip: string
  readonly route: string
  readonly caller: Pick<Caller, 'userId' | 'apiKeyId'> & { readonly tenant: Pick<Caller['tenant'], 'id'> }
  readonly code: string
  readonly entity: string | null
  readonly record_id: string | null
}

export interface DenialLedger {
  /** Resolves once the refusal is on record, or was counted; never throws. */
  record(denial: Denial): Promise<void>
}

// A person who clicks about meets a handful of refusals; 20 a second over all tenants is some 600 MB of rows a day at most.
const PER_CALLER = { perSecond: 1, burst: 60 }
const OVERALL = { perSecond: 20, burst: 1000 }

/** A ledger of refusals with paces of its own. */
export function createDenialLedger({
  database,
  securityLog,
  log,
}: {
  database: Database
  securityLog: SecurityLog
  log: Log
}): DenialLedger {
  const perCaller = new TokenBuckets(PER_CALLER)
  const overall = new TokenBuckets(OVERALL)
  const suppressed = new Map<string, number>()

  return {
    async record(denial) {
      const tenantId = denial.caller.tenant.id
      const { code, route, traceId: trace_id, ip } = denial
      securityLog.append({ event: 'access_denied', tenant_id: tenantId, user_id: denial.caller.userId, ip, trace_id, route, code })
      if (perCaller.take(`${tenantId} ${denial.caller.userId}`) > 0 || overall.take('') > 0) {
        suppressed.set(tenantId, (suppressed.get(tenantId) ?? 0) + 1)
        return
      }
      const uncounted = suppressed.get(tenantId)
      suppressed.delete(tenantId)
      const details = {
        code,
        route,
        ...(denial.caller.apiKeyId === null ? {} : { api_key_id: denial.caller.apiKeyId }),
        ...(uncounted === undefined ? {} : { suppressed: uncounted }),
      }
      try {
        await database.writeAs(tenantId, connection =>
          append(connection, denial, { action: 'access.denied', entity: denial.entity, record_id: denial.record_id, details }),
        )
      } catch (cause) {
        suppressed.set(tenantId, (suppressed.get(tenantId) ?? 0) + 1 + (uncounted ?? 0))
        log.warn('A refusal could not be written to the audit', { tenant_id: tenantId, trace_id }, cause)
      }
    },
  }
}
