import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CONFIG_NAMES, readConfig } from './config.ts'

const kept = { secret: 'kept-secret', operator_token: 'kept-token' }
const read = (env: Record<string, string>) => readConfig(env, () => kept)
const names = (env: Record<string, string>): string[] => (read(env).problems ?? []).map(problem => problem.name)

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://nexus:x@db:5432/nexus',
  NEXUS_SECRET: 'Zk8vQ2mB7xN4tR9wL1pF6sH3jD5gC0aY',
  NEXUS_OPERATOR_TOKEN: 'aY0gC5jD3sH6pF1wL9tR4xN7mB2vQ8kZ',
  NEXUS_PUBLIC_URL: 'https://crm.example.com/',
}

test('needs nothing to be tried out', () => {
  expect(read({}).config).toEqual({
    production: false,
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: undefined,
    redisUrl: undefined,
    dataDir: '.nexus',
    secret: 'kept-secret',
    publicUrl: 'http://localhost:8080',
    operatorToken: 'kept-token',
    trustedProxies: [],
    allowOldPostgres: false,
    metricsPort: undefined,
    metricsToken: undefined,
    drainSeconds: 0,
    otlpEndpoint: undefined,
    traceRatio: 1,
  })
})

test('takes an empty value for one left out', () => {
  expect(read({ PORT: '', DATABASE_URL: '', NEXUS_SECRET: '' }).config).toEqual(read({}).config)
})

test('takes a whole production environment', () => {
  expect(read(production).config).toMatchObject({ production: true, publicUrl: 'https://crm.example.com', secret: production.NEXUS_SECRET })
})

test('believes the proxies it is told, and none that could be anybody', () => {
  expect(read({ NEXUS_TRUSTED_PROXIES: '10.0.0.5, 192.168.0.0/16,fd00::/8, uniquelocal' }).config?.trustedProxies).toEqual([
    '10.0.0.5',
    '192.168.0.0/16',
    'fd00::/8',
    'uniquelocal',
  ])
  for (const strange of ['*', 'gateway', '10.0.0.0/0', '10.0.0.0/33', '10.0.0.0/8/8', '300.1.1.1']) {
    expect(names({ NEXUS_TRUSTED_PROXIES: strange })).toEqual(['NEXUS_TRUSTED_PROXIES'])
  }
})

test('keeps no secrets on disk when both are given', () => {
  const refuse = (): never => {
    throw new Error('asked for kept secrets')
  }
  expect(readConfig(production, refuse).config?.secret).toBe(production.NEXUS_SECRET)
})

test('refuses production with everything left to its default, and says so of each', () => {
  expect(names({ NODE_ENV: 'production' })).toEqual(['DATABASE_URL', 'NEXUS_PUBLIC_URL', 'NEXUS_SECRET', 'NEXUS_OPERATOR_TOKEN'])
})

test.each([
  ['NODE_ENV', 'prod'],
  ['NODE_ENV', 'Production'],
  ['PORT', '80a'],
  ['PORT', '-1'],
  ['PORT', '65536'],
  ['PORT', '0x50'],
  ['DATABASE_URL', 'mysql://host/db'],
  ['DATABASE_URL', 'host=db user=x'],
  ['REDIS_URL', 'localhost:6379'],
  ['NEXUS_PUBLIC_URL', 'http://crm.example.com'],
  ['NEXUS_PUBLIC_URL', 'https://crm.example.com/nexus'],
  ['NEXUS_PUBLIC_URL', 'https://user:x@crm.example.com'],
  ['NEXUS_PUBLIC_URL', 'javascript:alert(1)'],
  ['NEXUS_SECRET', 'short'],
  ['NEXUS_SECRET', 'a'.repeat(64)],
  ['NEXUS_OPERATOR_TOKEN', 'changeme'],
  ['NEXUS_OPERATOR_TOKEN', production.NEXUS_SECRET],
  ['NEXUS_ALLOW_OLD_POSTGRES', 'yes'],
  ['NEXUS_DRAIN_SECONDS', '5s'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ['OTEL_TRACES_SAMPLER_ARG', '10%'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
  ['NEXUS_METRICS_PORT', '70000'],
  ['NEXUS_METRICS_PORT', '8080'],
  ['NEXUS_METRICS_TOKEN', 'scrape'],
  ['NEXUS_METRICS_TOKEN', production.NEXUS_OPERATOR_TOKEN],
])('refuses %s=%s in production', (name, value) => {
  expect(names({ ...production, [name]: value })).toContain(name)
})

test('never repeats a secret in a problem', () => {
  expect(JSON.stringify(read({ ...production, NEXUS_SECRET: 'hunter2' }).problems)).not.toContain('hunter2')
})

test('warns about a name it does not know and guesses which one was meant', () => {
  expect(read({ NEXUS_SECRETS: 'x', NEXUS_ZZZ: '1', HOME: '/root' }).warnings).toEqual([
    'NEXUS_SECRETS is not a setting of Nexus; is NEXUS_SECRET meant?',
    'NEXUS_ZZZ is not a setting of Nexus',
  ])
})

test('.env.example shows exactly the settings there are, with the values they have by default', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  const shown = new Map(
    example
      .split('\n')
      .filter(line => /^[A-Z_]+=/.test(line))
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  expect([...shown.keys()].sort()).toEqual([...CONFIG_NAMES].sort())
  expect(read(Object.fromEntries(shown)).config).toEqual(read({}).config)
})
