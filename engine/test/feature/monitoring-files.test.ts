/** The alerts and the dashboard that operators load: they parse, and what they look at is what a running process serves. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { beforeAll, expect, test } from 'vitest'
import { administer } from '../../platform/server-admin.ts'
import { findFreePort } from '../../start/postgres-process.ts'
import { startWorkspace, type Workspace } from '../harness/workspace.ts'
import { findPrometheus, findPromtool } from '../needs.ts'
import { root } from '../source-files.ts'

const TOKEN = 'metrics-token-of-the-test-0123456789'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly description: string }
}
interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string }[]
}

const page = readFileSync(join(root, 'docs/operations/monitoring.md'), 'utf8')
const { groups } = load(readFileSync(join(root, 'docs/operations/alerts.yml'), 'utf8')) as { groups: { name: string; rules: Rule[] }[] }
const dashboard = JSON.parse(readFileSync(join(root, 'docs/operations/dashboard.json'), 'utf8')) as {
  uid: string
  panels: Panel[]
  templating: { list: { name: string; definition?: string }[] }
}
const rules = groups.flatMap(group => group.rules)
const shown = dashboard.panels.flatMap(panel => panel.targets?.map(target => target.expr) ?? [])

/** Names of series and of labels of a query; `up` is Prometheus's own, and so is the name of the job. */
function readQuery(query: string): { series: string[]; labels: string[] } {
  const series = [...query.matchAll(/\b((?:nexus|process|nodejs)_\w+)/g)].map(found => found[1] ?? '')
  const selectors = [...query.matchAll(/\{([^}]*)\}/g)].flatMap(found => [...(found[1] ?? '').matchAll(/(\w+)(?:=~|!~|!=|=)/g)])
  const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(found => (found[1] ?? '').split(',').map(each => [each, each.trim()]))
  return { series, labels: [...selectors, ...grouped].map(found => found[1] ?? '').filter(label => !['job', 'instance'].includes(label)) }
}

let scraped = ''
let workspace: Workspace
beforeAll(async () => {
  // Nothing listens there: Redis is configured and away.
  workspace = await startWorkspace({ env: { NEXUS_METRICS_TOKEN: TOKEN }, redisUrl: 'redis://127.0.0.1:1' })
  const tenant = await workspace.createTenant('seen')
  // Its kind and status are labels only while there is one.
  await administer(workspace.database.adminUrl, client =>
    client.query(
      `insert into nexus.job (tenant_id, id, kind, status, payload, created_at, updated_at) values ($1, gen_random_uuid(), 'import', 'failed', '{}', now(), now()), ($1, gen_random_uuid(), 'fill', 'queued', '{}', now(), now())`,
      [tenant.id],
    ),
  )
  const admin = await workspace.signIn('seen', 'admin@seen.test')
  await admin('GET', '/api/records/deal')
  await admin('GET', '/api/records/nothing')
  scraped = (await workspace.app.inject({ url: '/metrics', headers: { authorization: `Bearer ${TOKEN}` } })).body
})

const typesOf = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(found => [found[1] ?? '', found[2] ?? '']))

function isServed(name: string): boolean {
  const types = typesOf(scraped)
  const part = /^(\w+)_(bucket|count|sum)$/.exec(name)
  return types.has(name) || (part !== null && ['histogram', 'summary'].includes(types.get(part[1] ?? '') ?? ''))
}

/** Names of labels that stand at a value now. */
function labelsServed(): Set<string> {
  const selectors = [...scraped.matchAll(/^\w+\{(.*)\} /gm)].map(found => found[1] ?? '')
  return new Set(selectors.flatMap(each => [...each.matchAll(/(\w+)="/g)].map(found => found[1] ?? '')))
}

test('there are five alerts, each with a time, a severity, words, and a section on what to do', () => {
  expect(rules).toHaveLength(5)
  for (const rule of rules) {
    expect(rule.for).toMatch(/^\d+m$/)
    expect(['page', 'ticket']).toContain(rule.labels.severity)
    expect(rule.annotations.summary.length).toBeGreaterThan(20)
    expect(rule.annotations.description.length).toBeGreaterThan(20)
    const section = page.split(`### ${rule.alert}\n`)[1]?.split('\n### ')[0] ?? ''
    expect([rule.alert, [...section.matchAll(/^\d\. /gm)].length >= 3]).toEqual([rule.alert, true])
  }
})

test.each([...rules.map(rule => [rule.alert, rule.expr] as const), ...shown.map(expr => ['dashboard', expr] as const)])(
  '%s looks at what is served: %s',
  (_, query) => {
    const { series, labels } = readQuery(query)
    expect(series.length).toBeGreaterThan(0)
    expect(series.filter(name => !isServed(name))).toEqual([])
    // The busiest tenants are those of the last whole minute, which is not over yet.
    const known = [...labelsServed(), 'tenant_id']
    expect(labels.filter(label => !known.includes(label))).toEqual([])
  },
)

const promtool = findPromtool()

test.skipIf(promtool === undefined)('no alert fires while all is well, and each does when its time has come', () => {
  const tried = spawnSync(promtool ?? '', ['test', 'rules', join(root, 'docs/operations/alerts.test.yml')], { encoding: 'utf8' })
  expect([tried.stdout, tried.status]).toEqual([expect.stringContaining('SUCCESS'), 0])
})

const prometheus = findPrometheus()

test.skipIf(prometheus === undefined)(
  'every panel has figures of a process that works, and nothing fires',
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nexus-prometheus-'))
    // What a worker would have done by now, however long the tests before took.
    await administer(workspace.database.adminUrl, client =>
      client.query('delete from nexus.outbox where sequence is null; delete from nexus.audit_unsealed'),
    )
    const address = new URL(await workspace.app.listen({ host: '127.0.0.1', port: 0 })).host
    writeFileSync(
      join(folder, 'prometheus.yml'),
      JSON.stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        scrape_configs: [{ job_name: 'nexus', authorization: { credentials: TOKEN }, static_configs: [{ targets: [address] }] }],
        rule_files: [join(root, 'docs/operations/alerts.yml')],
      }),
    )
    const api = `http://127.0.0.1:${await findFreePort()}`
    const options = [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${new URL(api).host}`,
    ]
    const child = spawn(prometheus ?? '', options, { stdio: 'ignore' })
    try {
      const answered = async <T>(path: string): Promise<T> => {
        const answer = await fetch(api + path).catch(() => null)
        return answer?.ok === true ? ((await answer.json()) as { data: T }).data : ({} as T)
      }
      const figures = async (query: string): Promise<number[]> => {
        const filled = query.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '10s')
        const { result = [] } = await answered<{ result?: { value: [number, string] }[] }>(
          `/api/v1/query?query=${encodeURIComponent(filled)}`,
        )
        return result.map(({ value }) => Number(value[1])).filter(value => !Number.isNaN(value))
      }
      const admin = await workspace.signIn('seen', 'admin@seen.test')
      // The busiest tenants are those of the last whole minute, which is not over yet.
      const panels = shown.filter(query => !/nexus_tenant_(requests|seconds)/.test(query))
      const empty = async (): Promise<string[]> => {
        await admin('GET', '/api/records/deal')
        await admin('GET', '/api/records/nothing')
        const found = await Promise.all(panels.map(async query => [query, await figures(query)] as const))
        return found.filter(([, values]) => values.length === 0).map(([query]) => query)
      }
      await expect.poll(empty, { timeout: 40_000, interval: 500 }).toEqual([])
      const { alerts } = await answered<{ alerts: { labels: { alertname: string } }[] }>('/api/v1/alerts')
      expect(alerts.map(({ labels }) => labels.alertname)).toEqual([])
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
      rmSync(folder, { recursive: true })
    }
  },
)

test('every metric of ours is on the dashboard and on the page', () => {
  const ours = [...typesOf(scraped).keys()].filter(name => name.startsWith('nexus_'))
  expect(ours.length).toBeGreaterThan(20)
  expect(ours.filter(name => !shown.some(expr => new RegExp(`\\b${name}(_bucket|_count|_sum)?\\b`).test(expr)))).toEqual([])
  const named = (name: string): boolean => page.includes(`\`${name}\``) || page.includes(`\`${name.replace('nexus_postgres_pool', '')}\``)
  expect(ours.filter(name => !named(name))).toEqual([])
})

test('panels of the dashboard stand beside each other, not upon each other', () => {
  const { panels } = dashboard
  expect(new Set(panels.map(panel => panel.id)).size).toBe(panels.length)
  const overlap = (a: Panel['gridPos'], b: Panel['gridPos']): boolean =>
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
  const clashes = panels.flatMap((a, n) =>
    panels.slice(n + 1).flatMap(b => (overlap(a.gridPos, b.gridPos) ? [`${a.title} / ${b.title}`] : [])),
  )
  expect(clashes).toEqual([])
  expect(dashboard.templating.list.map(each => each.name)).toEqual(['datasource', 'instance'])
})
