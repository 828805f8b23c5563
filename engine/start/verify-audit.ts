/** `nexus audit`: computes the audit chains of tenants anew and says what does not fit. Changes no row; whoever runs it needs the installation's secret. */
import { auditKeyOf, type AuditVerdict, verifyAudit } from '../audit/index.ts'
import type { Database } from '../platform/index.ts'
import { createDatabase } from '../platform/postgres.ts'
import { COMMAND_PATIENCE_MS, openGround, requireConfig, StartRefused } from './main.ts'

/** Which tenant, all of them if none is named; `head` is `<seal number>:<head>` as the security log told it, of that tenant. */
export interface AuditQuestion {
  readonly tenant?: string | undefined
  readonly head?: string | undefined
}

/** What came of it: each tenant with its verdict, and whether every chain is whole. */
export interface AuditAnswer {
  readonly whole: boolean
  readonly tenants: readonly ({ readonly key: string } & AuditVerdict)[]
}

/** Verifies and answers a line per tenant as it comes to know it; `tell` hears what is said beside. */
export async function verifyAudits(
  env: NodeJS.ProcessEnv,
  question: AuditQuestion,
  tell: (line: string) => void,
  answer: (line: string) => void,
): Promise<AuditAnswer> {
  const anchor = question.head === undefined ? undefined : readHead(question.head)
  if (anchor !== undefined && question.tenant === undefined) throw new StartRefused('--head belongs to one tenant: name it by --tenant.')
  const config = requireConfig(env, tell)
  const ground = await openGround(config, tell, { patienceMs: COMMAND_PATIENCE_MS })
  const database = createDatabase({ url: ground.databaseUrl })
  try {
    const options = { key: auditKeyOf(config.secret), ...(anchor === undefined ? {} : { anchor }) }
    const tenants: ({ readonly key: string } & AuditVerdict)[] = []
    for (const { id, key } of await tenantsOf(database, question.tenant)) {
      const verdict = await verifyAudit(database, id, options)
      answer(`${key}: ${inWords(verdict)}`)
      tenants.push({ key, ...verdict })
    }
    return { whole: tenants.every(each => each.intact), tenants }
  } finally {
    await database.close()
    await ground.stop()
  }
}

async function tenantsOf(database: Database, wanted: string | undefined): Promise<{ id: string; key: string }[]> {
  const text = 'select id, key from nexus.tenant where $1::text is null or key = $1 order by key'
  const rows = await database.asRole('nexus_jobs', run => run({ text, values: [wanted ?? null] }))
  if (wanted !== undefined && rows.length === 0) throw new StartRefused(`There is no tenant "${wanted}".`)
  return rows.map(row => ({ id: String(row['id']), key: String(row['key']) }))
}

function readHead(text: string): { seal_no: number; head: string } {
  const [, no, head] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? []
  if (no === undefined || head === undefined)
    throw new StartRefused('--head is <seal number>:<head>, as in the reference of an audit_head event.')
  return { seal_no: Number(no), head }
}

function inWords({ intact, rows, seals, unsealed, first_break: found }: AuditVerdict): string {
  if (intact) return `whole; ${rows} rows in ${seals} seals, ${unsealed} waiting for theirs`
  if (found === null) return 'not whole'
  const place = 'row' in found ? `row ${found.row}${found.seal_no === null ? '' : ` of seal ${found.seal_no}`}` : `seal ${found.seal_no}`
  // A wrong secret looks like a first seal that somebody has changed.
  const doubt = found.kind === 'seal_changed' && found.seal_no === 1 ? '; is NEXUS_SECRET the one it was sealed with?' : ''
  return `BROKEN: ${found.kind.replace('_', ' ')}, ${place}${doubt}`
}
