/** Forgets imports whose time is over: what they did to each row, what they were asked, files nobody needs. */
import { findOpenJobs } from './job-store.ts'
import type { RunParts } from './run-parts.ts'

/** As long as an import can be undone and its errors fetched. */
export const IMPORT_DAYS = 30

const EVERY_MS = 6 * 3_600_000
const DAY_MS = 24 * 3_600_000
const ROWS_AT_ONCE = 5_000

/** Starts forgetting; the first round begins at once. */
export function forgetOldImports(parts: RunParts): { stop(): void } {
  const round = (): void => {
    forget(parts).catch((cause: unknown) => parts.log.warn('Old imports could not be forgotten', {}, cause))
  }
  const timer = setInterval(round, EVERY_MS)
  timer.unref()
  round()
  return { stop: () => clearInterval(timer) }
}

async function forget(parts: RunParts): Promise<void> {
  const now = parts.now().getTime()
  const before = new Date(now - IMPORT_DAYS * DAY_MS)
  const old = await parts.database.asRole('nexus_jobs', run =>
    run({
      text: `select tenant_id, id from nexus.job where kind in ('import', 'import_undo') and status in ('done', 'failed') and created_at < $1 limit 1000`,
      values: [before],
    }),
  )
  for (const row of old) {
    const [tenantId, jobId] = [String(row['tenant_id']), String(row['id'])]
    await parts.steps.run({ job: 'forget_imports', tenantId, jobId }, async step =>
      step.did({ 'nexus.rows': await forgetJob(parts, tenantId, jobId) }),
    )
  }
  const open = new Set((await findOpenJobs(parts.database, new Date(now + DAY_MS))).map(job => job.id))
  await parts.files.sweep(new Date(now - DAY_MS), async id => open.has(id))
}

/** Gives how many rows are gone. */
async function forgetJob({ database }: RunParts, tenantId: string, id: string): Promise<number> {
  const some = `(select row_no from nexus.import_row where tenant_id = $1 and job_id = $2 limit ${ROWS_AT_ONCE})`
  let all = 0
  for (let gone = ROWS_AT_ONCE; gone === ROWS_AT_ONCE; all += gone) {
    gone = await database.writeAs(tenantId, connection =>
      connection.execute({
        text: `delete from nexus.import_row where tenant_id = $1 and job_id = $2 and row_no in ${some}`,
        values: [tenantId, id],
      }),
    )
  }
  await database.writeAs(tenantId, connection =>
    connection.execute({ text: 'delete from nexus.job where tenant_id = $1 and id = $2', values: [tenantId, id] }),
  )
  return all
}
