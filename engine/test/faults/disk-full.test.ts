/**
 * Disks that are full: that of Postgres, and that of the engine's own folder. Needs a small disk of its own (a tmpfs, which root may mount);
 * where that can not be had the tests are skipped, and say so.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { canConnect } from '../../platform/server-admin.ts'
import { startOwnPostgres } from '../harness/own-postgres.ts'
import { PASSWORD, startWorkspace } from '../harness/workspace.ts'

/** A disk of so many megabytes; null where none can be mounted. */
function mountDisk(megabytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder]).status === 0
  if (!mounted) rmSync(folder, { recursive: true })
  return mounted ? folder : null
}

const isRoot = process.getuid?.() === 0
const large = isRoot ? mountDisk(220) : null
const small = isRoot ? mountDisk(8) : null
if (large === null || small === null)
  console.warn('SKIPPED: a full disk can not be tried here, no tmpfs can be mounted (needs root and the right to mount).')

/** Takes all that is left but some bytes; gives it back when called. */
function fill(folder: string, leave = 0): () => void {
  const file = join(folder, 'filler')
  writeFileSync(file, '')
  const block = Buffer.alloc(256 * 1024)
  try {
    for (;;) appendFileSync(file, block)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
  truncateSync(file, statSync(file).size - leave)
  return () => rmSync(file)
}

// After everything that stands on them has ended: hooks run last in, first out.
afterAll(() => {
  for (const disk of [large, small]) {
    if (disk === null) continue
    spawnSync('umount', ['-l', disk])
    rmSync(disk, { recursive: true, force: true })
  }
})

const postgres = large === null ? null : await startOwnPostgres(large)

test.skipIf(large === null)(
  'of Postgres: writes are refused, nothing acknowledged is lost, and writing goes on once there is room',
  { timeout: 120_000 },
  async () => {
    if (postgres === null || large === null) throw new Error('There is no disk.')
    const workspace = await startWorkspace({ database: postgres.database })
    await workspace.createTenant('full')
    const admin = await workspace.signIn('full', 'admin@full.test')
    const write = (name: string) =>
      admin('POST', '/api/records/customer', { name, party: ['client'], status: 'active', description: randomBytes(2_000).toString('hex') })

    expect((await write('Before')).status).toBe(201)
    const free = fill(large, 3_000_000)
    const acknowledged: string[] = []
    const refused: string[] = []
    for (let n = 0; n < 3_000 && refused.length < 5; n++) {
      const answer = await write(`Full ${n}`)
      if (answer.status === 201) acknowledged.push(`Full ${n}`)
      else refused.push(`${answer.status} ${answer.problem.code}`)
    }
    console.info(JSON.stringify({ acknowledged_into_a_full_disk: acknowledged.length, refused }))
    expect(acknowledged.length).toBeGreaterThan(0)
    expect(refused).toHaveLength(5)
    expect(refused.filter(each => !/^503 SQL_(UNAVAILABLE|OUTCOME_UNKNOWN)$/.test(each))).toEqual([])

    free()
    // A server that could not write its own journal has ended itself; it is started again, by an operator or by what watches it.
    if (!(await canConnect(postgres.database.adminUrl))) await postgres.start()
    await expect.poll(async () => (await write('After')).status, { timeout: 30_000, interval: 200 }).toBe(201)
    const { data } = await admin<{ name: string }[]>('POST', '/api/records/customer/query', {
      select: ['name'],
      where: { name: { in: ['Before', ...acknowledged.slice(-50)] } },
      limit: 100,
    })
    expect(data.map(each => each.name).sort()).toEqual(['Before', ...acknowledged.slice(-50)].sort())
    await workspace.stop()
  },
)

test.skipIf(small === null)(
  'of the engine: people go on working, and the security log is whole again once there is room',
  { timeout: 60_000 },
  async () => {
    const folder = small ?? ''
    const workspace = await startWorkspace({ env: { NEXUS_DATA_DIR: folder } })
    await workspace.createTenant('small')
    const { data: session } = await workspace.client('')<{ access_token: string }>('POST', '/api/auth/login', {
      tenant: 'small',
      email: 'admin@small.test',
      password: PASSWORD,
    })
    const admin = workspace.client(session.access_token)
    // Refusals of two kinds: each is written at a pace of its own.
    const refuse = (path: string): Promise<unknown> => workspace.client('forged')('GET', path)
    await refuse('/api/me')
    const free = fill(folder)
    for (let n = 0; n < 20; n++) for (const path of ['/api/me', '/api/platform/tenants']) await refuse(path)
    expect((await admin('POST', '/api/records/customer', { name: 'Meanwhile', party: ['client'], status: 'active' })).status).toBe(201)
    expect((await admin('GET', '/api/records/customer')).status).toBe(200)
    const form = new FormData()
    form.set('map', JSON.stringify({ kind: 'import_map', key: 'x', entity: 'customer', columns: [] }))
    form.set('file', new Blob([`name\n${'Somebody\n'.repeat(2_000)}`], { type: 'text/csv' }), 'customers.csv')
    const upload = new Response(form)
    const imported = await workspace.app.inject({
      method: 'POST',
      url: '/api/import',
      headers: { authorization: `Bearer ${session.access_token}`, 'content-type': upload.headers.get('content-type') ?? '' },
      payload: Buffer.from(await upload.arrayBuffer()),
    })
    console.info(
      JSON.stringify({
        import_into_a_full_disk: `${imported.statusCode} ${String((JSON.parse(imported.body) as { code?: string }).code)}`,
        warned: workspace.warnings.length,
      }),
    )
    expect([imported.statusCode, imported.headers['retry-after'], imported.json().code]).toEqual([503, '60', 'HTTP_NO_ROOM'])
    expect(readdirSync(join(folder, 'imports'))).toEqual([])
    expect(workspace.warnings.join('')).toContain('The security log can not be written')

    free()
    workspace.wired.engine.securityLog.append({ event: 'session_revoked' })
    const lines = readFileSync(join(folder, 'security.log'), 'utf8').trimEnd().split('\n')
    const broken = lines.filter(line => {
      try {
        return typeof JSON.parse(line) !== 'object'
      } catch {
        return true
      }
    })
    // A line that found no room in its middle may be cut; it does not take the next one with it.
    expect(broken.length).toBeLessThanOrEqual(1)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'session_revoked' })
    await workspace.stop()
  },
)
