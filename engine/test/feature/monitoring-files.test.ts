/** The alerts and the dashboard that operators load: they parse, and what they look at is what a running process serves. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { beforeAll, expect, test } from 'vitest'
import { administer } from '../../platform/server-admin.ts'
import { startWorkspace } from '../harness/workspace.ts'
import { findPromtool } from '../needs.ts'
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
beforeAll(async () => {
  // Nothing listens there: Redis is configured and away.
  const workspace = await startWorkspace({ env: { NEXUS_METRICS_TOKEN: TOKEN }, redisUrl: 'redis://127.0.0.1:1' })
  const tenant = await workspace.createTenant('seen')
  // Its kind and status are labels only while there is one.
  await administer(workspace.database.adminUrl, client =>
    client.query(
      `insert into nexus.job (tenant_id, id, kind, status, payload, created_at, updated_at) values ($1, gen_random_uuid(), 'import', 'failed', '{}', now(), now())`,
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
