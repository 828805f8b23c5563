/**
 * What a machine with Docker makes of the checkout, as far as it can be told without one: containers without root, watched, shut in, without a
 * secret; an image that holds all it runs and nothing else; a gateway whose configuration nginx takes.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../kernel/config.ts'
import { findFreePort } from '../start/postgres-process.ts'
import { findProgram } from './needs.ts'
import { readSourceFiles, root } from './source-files.ts'

interface Service {
  readonly image: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly user?: string
  readonly restart?: string
  readonly command?: readonly string[]
  readonly read_only?: boolean
  readonly privileged?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[]; readonly disable?: boolean }
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly networks: readonly string[]
  readonly stop_grace_period?: string
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const compose = load(read('docker-compose.yml')) as {
  readonly services: Readonly<Record<string, Service & { readonly '<<'?: Service }>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>
  readonly volumes: Readonly<Record<string, unknown>>
}
/** With what they take over from `x-engine`, which this reader of YAML leaves to us. */
const services = Object.entries(compose.services).map(([name, { '<<': taken, ...own }]): [string, Service] => [name, { ...taken, ...own }])
const service = (name: string): Service | undefined => services.find(([each]) => each === name)?.[1]
const DOCKERFILE = 'engine/start/Dockerfile'
/** Instructions with their lines put together, without comments. */
const instructions = read(DOCKERFILE)
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter(line => line.trim() !== '')
  .map(line => ({ name: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1) }))
const of = (name: string): string[] => instructions.filter(each => each.name === name).map(each => each.rest)

/** Images that their makers publish for linux/amd64 and linux/arm64, and whether they run without root by themselves. */
const IMAGES: Readonly<Record<string, { readonly rootless: boolean }>> = {
  node: { rootless: false },
  postgres: { rootless: false },
  redis: { rootless: false },
  'nginxinc/nginx-unprivileged': { rootless: true },
}

test('every image is one for both kinds of machine, by a version and not by whatever is newest', () => {
  const images = [
    ...services.filter(([, each]) => each.build === undefined).map(([, each]) => each.image),
    ...of('FROM').map(each => each.split(' ')[0] ?? ''),
  ]
  expect(images.length).toBeGreaterThan(4)
  for (const image of images) {
    const [name = '', tag = ''] = image.split(':')
    expect([image, name in IMAGES, /^\d/.test(tag)]).toEqual([image, true, true])
  }
  expect(read('docker-compose.yml') + read(DOCKERFILE)).not.toMatch(/^\s*platform:|--platform/m)
})

test('nothing runs as root or gets more rights than it has', () => {
  for (const [name, each] of services) {
    const isRootless = each.user !== undefined || IMAGES[each.image.split(':')[0] ?? '']?.rootless === true || each.build !== undefined
    expect([name, isRootless, each.user ?? 'somebody']).toEqual([name, true, expect.not.stringMatching(/^(root|0)\b/)])
    expect([name, each.security_opt, each.privileged]).toEqual([name, ['no-new-privileges:true'], undefined])
    // Postgres writes where its image keeps its socket and needs no more than the others.
    if (name !== 'postgres') expect([name, each.read_only, each.cap_drop]).toEqual([name, true, ['ALL']])
  }
  // In the image: nothing is installed or copied any more once its user has changed, and he is not root.
  expect(of('USER')).toEqual(['node'])
  const after = instructions.slice(instructions.findIndex(each => each.name === 'USER') + 1).map(each => each.name)
  expect(after).toEqual(['EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'])
})

test('everything is watched, started again, and waits for what it needs', () => {
  const inImage = of('HEALTHCHECK')
  expect(inImage).toEqual([expect.stringContaining('/health')])
  for (const [name, each] of services) {
    const isWatched =
      each.healthcheck === undefined ? each.build !== undefined : each.healthcheck.test[0] === 'CMD' && each.healthcheck.disable !== true
    expect([name, isWatched, each.restart]).toEqual([name, true, 'unless-stopped'])
    for (const needed of Object.keys(each.depends_on ?? {}))
      expect([name, needed, needed in compose.services]).toEqual([name, needed, true])
  }
  // Longer than a process takes its time to drain (5 s) and to finish (20 s).
  for (const name of ['api', 'content', 'worker']) expect(Number.parseInt(service(name)?.stop_grace_period ?? '0', 10)).toBeGreaterThan(25)
})

test('only the gateways are reached from outside', () => {
  expect(compose.networks['inside']).toEqual({ internal: true })
  for (const [name, { ports, networks }] of services) {
    const isGateway = name.startsWith('gateway')
    expect([name, ports !== undefined, networks.includes('outside')]).toEqual([name, isGateway, isGateway])
  }
})

test('no secret stands in a file: each comes from outside, and nothing starts without it', () => {
  for (const [name, { environment = {} }] of services)
    for (const [setting, value] of Object.entries(environment).filter(([key]) => /SECRET|TOKEN|PASSWORD|DATABASE_URL/.test(key))) {
      const isRequired = /\$\{\w+:\?[^}]+\}/.test(value)
      // What may be empty is then off.
      const isOptional = setting === 'NEXUS_METRICS_TOKEN' && value === '${NEXUS_METRICS_TOKEN:-}'
      expect([name, setting, isRequired || isOptional]).toEqual([name, setting, true])
    }
  for (const instruction of [...of('ENV'), ...of('ARG'), ...of('RUN')]) expect(instruction).not.toMatch(/secret|token|password/i)
  expect(of('ADD')).toEqual([])
})

test('the engine takes the settings it is given, and each is one it knows', () => {
  const given: Readonly<Record<string, string>> = {
    NEXUS_SECRET: 'Zk8vQ2mB7xN4tR9wL1pF6sH3jD5gC0aYZk8vQ2mB7xN4tR9wL1pF6sH3jD5gC0aY',
    NEXUS_OPERATOR_TOKEN: 'aY0Cg5Dj3Hs6Fp1Lw9Rt4Nx7Bm2Qv8kZaY0Cg5Dj3Hs6Fp1Lw9Rt4Nx7Bm2Qv8kZ',
    NEXUS_DATABASE_PASSWORD: 'c0ffee00c0ffee00c0ffee00c0ffee00',
    NEXUS_PUBLIC_URL: 'https://nexus.example.com',
  }
  const filled = (value: string): string => value.replaceAll(/\$\{(\w+):[?-]([^}]*)\}/g, (_whole, name: string) => given[name] ?? '')
  const inImage = Object.fromEntries(
    of('ENV').flatMap(line => [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value])),
  )
  const settings = read('docs/reference/settings.md')
  for (const name of ['api', 'content', 'worker']) {
    const environment = service(name)?.environment ?? {}
    for (const setting of Object.keys(environment)) expect([setting, settings.includes(`\`${setting}\``)]).toEqual([setting, true])
    const env = { ...inImage, ...Object.fromEntries(Object.entries(environment).map(([setting, value]) => [setting, filled(value)])) }
    const { config, problems } = readConfig(env, () => {
      throw new Error('Production keeps no secrets of its own.')
    })
    expect([problems, config?.production, config?.port]).toEqual([undefined, true, 8080])
    expect([service(name)?.command, of('EXPOSE')]).toEqual([['start', '--role', name], ['8080']])
  }
})

test('what is mounted is there, and the content of a volume has a name', () => {
  for (const [name, { volumes = [] }] of services)
    for (const volume of volumes) {
      const [source = ''] = volume.replace(/\$\{\w+:-([^}]*)\}/, '$1').split(':')
      const isThere = source.startsWith('./') ? source === './certs' || existsSync(join(root, source)) : source in compose.volumes
      expect([name, volume, isThere]).toEqual([name, volume, true])
      if (source.startsWith('./')) expect(volume.endsWith(':ro')).toBe(true)
    }
})

/** Whether the build is sent a file: everything is left out but what is let in, and of that what is left out again. */
function isSent(path: string): boolean {
  let sent = true
  for (const line of read(`${DOCKERFILE}.dockerignore`).split('\n').filter(Boolean)) {
    const pattern = line
      .replace(/^!/, '')
      .replaceAll('.', '\\.')
      .replaceAll('**/', '(?:.*/)?')
      .replaceAll(/(?<!\.)\*\*/g, '.+')
      .replaceAll(/(?<![.)])\*/g, '[^/]*')
    if (new RegExp(`^${pattern}(?:/.*)?$`).test(path)) sent = line.startsWith('!')
  }
  return sent
}

test('the image is sent what it runs: no test, no benchmark, nothing that lies about', () => {
  for (const path of [
    'engine/start/cli.ts',
    'metadata/check-document.ts',
    'seeds/sales/pack.json',
    'package-lock.json',
    'runtime-ui/index.html',
  ])
    expect([path, isSent(path)]).toEqual([path, true])
  const kept = [
    '.env',
    '.git/config',
    'docs/README.md',
    '.nexus/secrets.json',
    'certs/tls.key',
    'node_modules/pg/package.json',
    'nexus.backup',
  ]
  for (const path of [...kept, 'engine/node_modules/a.js', 'engine/test/run.ts', 'engine/bench/bench.ts', 'engine/kernel/errors.test.ts'])
    expect([path, isSent(path)]).toEqual([path, false])

  const files = new Map(readSourceFiles().map(file => [file.path, file]))
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Readonly<Record<string, string>> }
  const seen = new Set<string>()
  const missing: string[] = []
  const visit = (path: string, from: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    if (!isSent(path)) missing.push(`${from} runs ${path}`)
    for (const { target, own, typesOnly } of files.get(path)?.imports ?? []) {
      if (typesOnly) continue
      if (own) visit(target, path)
      else if (!target.startsWith('node:') && !Object.keys(dependencies).some(name => target === name || target.startsWith(`${name}/`)))
        missing.push(`${path} needs ${target}`)
    }
  }
  visit('engine/start/cli.ts', 'the image')
  expect(seen.size).toBeGreaterThan(300)
  // Of a command that belongs to a checkout.
  expect(missing).toEqual(['engine/start/command-dev.ts needs vite'])
})

const nginx = findProgram(['nginx'])
const openssl = findProgram(['openssl'])
const folder = mkdtempSync(join(tmpdir(), 'nexus-gateway-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.skipIf(nginx === undefined || openssl === undefined).each(['nginx.conf', 'nginx-tls.conf'])('nginx takes %s', async name => {
  const own = (path: string): string => join(folder, path)
  const [key, certificate] = [own('tls.key'), own('tls.crt')]
  const made = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=nexus.example.com',
  ]
  expect(spawnSync(openssl ?? '', [...made, '-keyout', key, '-out', certificate]).status).toBe(0)
  writeFileSync(own('routes.conf'), read('engine/start/gateway/routes.conf'))
  const [, minor = '0'] = /nginx\/1\.(\d+)/.exec(spawnSync(nginx ?? '', ['-v'], { encoding: 'utf8' }).stderr) ?? []
  const conf = read(`engine/start/gateway/${name}`)
    .replaceAll('/tmp/', `${folder}/`)
    .replaceAll('/dev/stdout', own('access.log'))
    .replaceAll('/dev/stderr', own('error.log'))
    .replaceAll('/etc/nginx/certs', folder)
    .replaceAll('/etc/nginx/routes.conf', own('routes.conf'))
    .replace(/listen 8\d43|listen 8080/, `listen 127.0.0.1:${await findFreePort()}`)
    // An nginx older than the image's says it at its port.
    .replace(/ ssl default_server;\n\s*http2 on;/, Number(minor) < 25 ? ' ssl http2 default_server;' : '$&')
  writeFileSync(own(name), conf)
  const tried = spawnSync(nginx ?? '', ['-t', '-p', folder, '-c', own(name)], { encoding: 'utf8' })
  expect([tried.stderr, tried.status]).toEqual([expect.stringContaining('test is successful'), 0])
  expect(tried.stderr).not.toContain('[warn]')
})
