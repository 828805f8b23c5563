/** An import that is killed goes on where it stood, in another process, to the same end as one that nobody disturbed. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportHouse, type ImportTenant, openImportHouse } from '../test/harness/imports.ts'

const ROWS = 3_200
const MAP = {
  kind: 'import_map',
  key: 'branches',
  entity: 'customer',
  match: ['name'],
  columns: {
    name: { field: 'name' },
    parent: { field: 'subsidiary_of', lookup: { by: 'name' } },
    staff: { field: 'employees' },
    tax: { field: 'tax_id' },
  },
  defaults: { status: 'active' },
}
/** Every tenth row belongs to a company further down, every fiftieth is refused. */
const FILE = [
  'name,parent,staff,tax',
  ...Array.from(
    { length: ROWS },
    (_, at) => `Company ${at},${at % 10 === 0 && at < ROWS - 10 ? `Company ${at + 7}` : ''},${at % 50 === 49 ? 'many' : at},T-${at}`,
  ),
].join('\n')

let house: ImportHouse
let undisturbed: unknown
beforeAll(async () => {
  house = await openImportHouse()
  const tenant = await house.tenant('calm')
  await writeFile(join(house.dataDir, 'branches.json'), JSON.stringify(MAP))
  await writeFile(join(house.dataDir, 'branches.csv'), FILE)
  const view = await house.run(tenant, MAP, FILE)
  expect(view.counts).toEqual({ created: ROWS - ROWS / 50, updated: 0, unchanged: 0, failed: ROWS / 50, incomplete: 0 })
  undisturbed = await outcome(tenant)
}, 120_000)
afterAll(() => house.close())

/** Everything an import leaves, by names instead of ids. */
async function outcome(tenant: ImportTenant): Promise<unknown> {
  const records = await house.sql(
    `select r.data->>'1054' as name, r.version, p.data->>'1054' as parent, r.data - '1053' as data, r.i1, r.t1,
       (select count(*)::int from nexus.record_history h where h.tenant_id = r.tenant_id and h.record_id = r.id) as history,
       (select count(*)::int from nexus.outbox o where o.tenant_id = r.tenant_id and o.envelope->'data'->>'id' = r.id::text) as events,
       (select count(*)::int from nexus.audit a where a.tenant_id = r.tenant_id and a.record_id = r.id) as audit,
       (select count(*)::int from nexus.record_unique u where u.tenant_id = r.tenant_id and u.record_id = r.id) as uniques
     from nexus.record r left join nexus.record p on p.tenant_id = r.tenant_id and p.entity_no = r.entity_no and p.id = r.r1
     where r.tenant_id = $1 and r.entity_no = 1052 order by 1`,
    [tenant.id],
  )
  const plain = records.map(record => {
    const { data, ...rest } = record as { data: Record<string, unknown> }
    // A parent's id is its own in every tenant.
    return { ...rest, data: Object.fromEntries(Object.entries(data).filter(([, value]) => !/^[0-9a-f-]{36}$/.test(String(value)))) }
  })
  const rows = await house.sql('select row_no, op, version, problems from nexus.import_row where tenant_id = $1 order by row_no', [
    tenant.id,
  ])
  const [job] = await house.sql(`select status, progress->'counts' as counts from nexus.job where tenant_id = $1 and kind = 'import'`, [
    tenant.id,
  ])
  const left = await house.sql('select 1 from nexus.import_key where tenant_id = $1', [tenant.id])
  return { records: plain, rows, job, left }
}

interface Standing {
  readonly status: string
  readonly phase: string
  readonly done: number
  readonly row: number
}

const standing = async (tenant: ImportTenant): Promise<Standing | undefined> => {
  const [job] = await house.sql<Standing>(
    `select status, progress->>'phase' as phase, (progress->>'done')::int as done, (progress->>'row')::int as row from nexus.job where tenant_id = $1 and kind = 'import'`,
    [tenant.id],
  )
  return job
}

/** Starts the command line's import and kills it as soon as it has come so far. */
async function killedAt(tenant: ImportTenant, reached: (job: Standing) => boolean): Promise<Standing> {
  const { path } = { path: join(import.meta.dirname, '../start/cli.ts') }
  const args = [
    path,
    'import',
    '--tenant',
    tenant.key,
    '--as',
    `admin@${tenant.key}.test`,
    '--map',
    join(house.dataDir, 'branches.json'),
    join(house.dataDir, 'branches.csv'),
  ]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, DATABASE_URL: house.adminUrl, NEXUS_DATA_DIR: house.dataDir, NODE_ENV: 'development' },
    stdio: 'ignore',
  })
  const ended = new Promise<void>(done => void child.on('exit', () => done()))
  for (;;) {
    const job = await standing(tenant)
    if (child.exitCode !== null) throw new Error(`The import ended with ${child.exitCode} before it could be killed.`)
    if (job !== undefined && reached(job)) break
    await sleep(5)
  }
  child.kill('SIGKILL')
  await ended
  return (await standing(tenant)) ?? { status: '', phase: '', done: -1, row: -1 }
}

/** Lets another process of the engine work until the import has ended. */
async function resumed(tenant: ImportTenant): Promise<void> {
  const { buildImportEngine } = await import('../test/harness/imports.ts')
  const other = await buildImportEngine(house.dataDir, house.databaseUrl, true)
  try {
    while ((await standing(tenant))?.status !== 'done') await sleep(100)
  } finally {
    await other.close()
  }
}

test.each([
  ['1 %', 'one', (job: Standing) => job.phase === 'rows' && job.done === 0],
  ['50 %', 'half', (job: Standing) => job.phase === 'rows' && job.done >= ROWS / 2],
  ['99 %', 'most', (job: Standing) => job.phase === 'rows' && job.done > ROWS - 500],
  ['the linking of its rows', 'links', (job: Standing) => job.phase === 'links'],
])('killed at %s, it is taken up and comes to the same end', { timeout: 120_000 }, async (_, key, reached) => {
  const tenant = await house.tenant(key)
  const killed = await killedAt(tenant, reached)
  expect(killed.status).toBe('running')
  await resumed(tenant)
  expect(await outcome(tenant)).toEqual(undisturbed)
})

test('two processes that both believe to hold a job do no chunk twice', { timeout: 120_000 }, async () => {
  const tenant = await house.tenant('torn')
  let stolen = 0
  const view = await house.run(tenant, MAP, FILE, {
    told: ({ step }) => {
      if (step !== 2) return
      stolen += 1
      void house.sql(`update nexus.job set leased_by = 'a thief', leased_until = now() + interval '2 seconds' where tenant_id = $1`, [
        tenant.id,
      ])
    },
  })
  expect([stolen, view.status]).toEqual([1, 'done'])
  expect(await outcome(tenant)).toEqual(undisturbed)
})
