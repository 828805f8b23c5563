/**
 * The settings of a process, read once from the environment: all mistakes at once, nothing unsafe in production (security R27).
 * Touches neither disk nor network; the secrets that development keeps are handed in.
 */
import { isIP } from 'node:net'
import { nearestName } from '../../metadata/nearest.ts'

/** What every part of a process may rely on. */
export interface Config {
  readonly production: boolean
  readonly port: number
  readonly host: string
  /** Without one the embedded server is used (never in production). */
  readonly databaseUrl: string | undefined
  readonly redisUrl: string | undefined
  readonly dataDir: string
  /** Signs and encrypts tokens, cursors and cookies. */
  readonly secret: string
  /** Origin under which people reach this installation, without a slash at the end; links are built from it alone. */
  readonly publicUrl: string
  readonly operatorToken: string
  /** Proxies whose word about the caller's address counts: addresses, networks, or `loopback`, `linklocal`, `uniquelocal`. */
  readonly trustedProxies: readonly string[]
  /** Lets production run on a Postgres with known faults; logged loudly. */
  readonly allowOldPostgres: boolean
  /** Where `/metrics` is served: on a port of its own, for whoever bears the token, or both. Without either it is not served. */
  readonly metricsPort: number | undefined
  readonly metricsToken: string | undefined
  /** How long a process that was told to end says so before it takes no more connections. */
  readonly drainSeconds: number
  /** The OpenTelemetry collector that traces are sent to; without one there are none. */
  readonly otlpEndpoint: string | undefined
  /** The share of traces that is sent, 0 to 1. */
  readonly traceRatio: number
}

/** Secrets a development installation makes for itself. */
export interface KeptSecrets {
  readonly secret: string
  readonly operator_token: string
}

/** A setting that can't be used. */
export interface ConfigProblem {
  readonly name: string
  readonly message: string
}

export type ConfigResult =
  | { readonly config: Config; readonly warnings: readonly string[]; readonly problems?: never }
  | { readonly problems: readonly ConfigProblem[]; readonly warnings: readonly string[]; readonly config?: never }

/** Every setting there is; .env.example shows the same. */
export const CONFIG_NAMES = [
  'PORT',
  'HOST',
  'DATABASE_URL',
  'REDIS_URL',
  'NEXUS_DATA_DIR',
  'NEXUS_SECRET',
  'NEXUS_PUBLIC_URL',
  'NEXUS_OPERATOR_TOKEN',
  'NEXUS_TRUSTED_PROXIES',
  'NEXUS_ALLOW_OLD_POSTGRES',
  'NEXUS_METRICS_PORT',
  'NEXUS_METRICS_TOKEN',
  'NEXUS_DRAIN_SECONDS',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_TRACES_SAMPLER_ARG',
  'NODE_ENV',
] as const

type Name = (typeof CONFIG_NAMES)[number]
type Environment = Readonly<Record<string, string | undefined>>

/** 32 characters of base64 are 192 bits; fewer than 10 different ones are no random text. */
const SECRET_LENGTH = 32
const SECRET_VARIETY = 10

/** Reads the settings; `keepSecrets` gives development its secrets for a data folder. */
export function readConfig(env: Environment, keepSecrets: (dataDir: string) => KeptSecrets): ConfigResult {
  const problems: ConfigProblem[] = []
  const refuse = (name: Name, message: string): void => void problems.push({ name, message })
  const value = (name: Name): string | undefined => (env[name] === undefined || env[name] === '' ? undefined : env[name])

  const mode = value('NODE_ENV') ?? 'development'
  if (!['development', 'test', 'production'].includes(mode)) refuse('NODE_ENV', 'must be development, test or production.')
  const production = mode === 'production'

  const port = Number(value('PORT') ?? '8080')
  if (!isPort(value('PORT') ?? '8080')) refuse('PORT', 'must be a port number from 0 to 65535.')

  const metricsPort = value('NEXUS_METRICS_PORT')
  if (metricsPort !== undefined && !isPort(metricsPort)) refuse('NEXUS_METRICS_PORT', 'must be a port number from 0 to 65535.')
  else if (metricsPort !== undefined && port !== 0 && Number(metricsPort) === port) refuse('NEXUS_METRICS_PORT', 'must differ from PORT.')

  const databaseUrl = value('DATABASE_URL')
  if (databaseUrl !== undefined && !hasProtocol(databaseUrl, ['postgres:', 'postgresql:'])) {
    refuse('DATABASE_URL', 'must be like postgres://user:password@host:5432/database.')
  }
  if (databaseUrl === undefined && production) refuse('DATABASE_URL', 'is needed in production: the embedded Postgres is for trying out.')

  const redisUrl = value('REDIS_URL')
  if (redisUrl !== undefined && !hasProtocol(redisUrl, ['redis:', 'rediss:'])) refuse('REDIS_URL', 'must be like redis://host:6379.')

  const publicUrl = value('NEXUS_PUBLIC_URL') ?? `http://localhost:${port}`
  const publicProblem = whatIsWrongWithPublicUrl(publicUrl, production, value('NEXUS_PUBLIC_URL') !== undefined)
  if (publicProblem !== undefined) refuse('NEXUS_PUBLIC_URL', publicProblem)

  for (const name of ['NEXUS_SECRET', 'NEXUS_OPERATOR_TOKEN'] as const) {
    const problem = whatIsWrongWithSecret(value(name), production)
    if (problem !== undefined) refuse(name, problem)
  }
  if (value('NEXUS_SECRET') !== undefined && value('NEXUS_SECRET') === value('NEXUS_OPERATOR_TOKEN')) {
    refuse('NEXUS_OPERATOR_TOKEN', 'must differ from NEXUS_SECRET.')
  }
  const metricsToken = value('NEXUS_METRICS_TOKEN')
  const tokenProblem = metricsToken === undefined ? undefined : whatIsWrongWithSecret(metricsToken, production)
  if (tokenProblem !== undefined) refuse('NEXUS_METRICS_TOKEN', tokenProblem)
  else if (metricsToken !== undefined && [value('NEXUS_SECRET'), value('NEXUS_OPERATOR_TOKEN')].includes(metricsToken)) {
    refuse('NEXUS_METRICS_TOKEN', 'must differ from NEXUS_SECRET and NEXUS_OPERATOR_TOKEN.')
  }
  const trustedProxies = (value('NEXUS_TRUSTED_PROXIES') ?? '').split(',').flatMap(each => (each.trim() === '' ? [] : [each.trim()]))
  const strange = trustedProxies.find(each => !isProxy(each))
  if (strange !== undefined)
    refuse('NEXUS_TRUSTED_PROXIES', 'must be addresses or networks like 10.0.0.5, 10.0.0.0/8 or uniquelocal, with commas.')

  const allowOld = value('NEXUS_ALLOW_OLD_POSTGRES')
  if (allowOld !== undefined && !['0', '1'].includes(allowOld)) refuse('NEXUS_ALLOW_OLD_POSTGRES', 'must be 1 or 0.')

  // Nobody stands in front of a process that is tried out; Ctrl-C ends it.
  const drain = value('NEXUS_DRAIN_SECONDS') ?? (production ? '5' : '0')
  if (!/^\d{1,3}$/.test(drain)) refuse('NEXUS_DRAIN_SECONDS', 'must be a number of seconds from 0 to 999.')

  const otlpEndpoint = value('OTEL_EXPORTER_OTLP_ENDPOINT')
  if (otlpEndpoint !== undefined && !hasProtocol(otlpEndpoint, ['http:', 'https:'])) {
    refuse('OTEL_EXPORTER_OTLP_ENDPOINT', 'must be like http://collector:4318.')
  }
  const traceRatio = value('OTEL_TRACES_SAMPLER_ARG') ?? '1'
  if (!/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/.test(traceRatio))
    refuse('OTEL_TRACES_SAMPLER_ARG', 'must be a share of all traces from 0 to 1, like 0.1.')

  const warnings = findUnknownNames(env)
  if (problems.length > 0) return { problems, warnings }

  const dataDir = value('NEXUS_DATA_DIR') ?? '.nexus'
  const given = { secret: value('NEXUS_SECRET'), operatorToken: value('NEXUS_OPERATOR_TOKEN') }
  const kept = given.secret !== undefined && given.operatorToken !== undefined ? undefined : keepSecrets(dataDir)
  return {
    warnings,
    config: {
      production,
      port,
      host: value('HOST') ?? '127.0.0.1',
      databaseUrl,
      redisUrl,
      dataDir,
      secret: given.secret ?? kept?.secret ?? '',
      publicUrl: publicUrl.replace(/\/$/, ''),
      operatorToken: given.operatorToken ?? kept?.operator_token ?? '',
      trustedProxies,
      allowOldPostgres: allowOld === '1',
      metricsPort: metricsPort === undefined ? undefined : Number(metricsPort),
      metricsToken,
      drainSeconds: Number(drain),
      otlpEndpoint,
      traceRatio: Number(traceRatio),
    },
  }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
}

/** A network as wide as the internet would let everybody choose the address he comes from. */
function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', bits, ...rest] = text.split('/')
  const most = { 4: 32, 6: 128 }[isIP(address)]
  return most !== undefined && rest.length === 0 && (bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most))
}

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol) && new URL(text).hostname !== ''
}

function whatIsWrongWithPublicUrl(text: string, production: boolean, isSet: boolean): string | undefined {
  if (production && !isSet) return 'is needed in production, e.g. https://nexus.example.com.'
  if (!hasProtocol(text, ['http:', 'https:'])) return 'must be like https://nexus.example.com.'
  const url = new URL(text)
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
    return 'must be an origin alone, without path, query or login.'
  if (production && url.protocol !== 'https:') return 'must be https in production: cookies and tokens travel over it.'
  return undefined
}

function whatIsWrongWithSecret(text: string | undefined, production: boolean): string | undefined {
  if (text === undefined)
    return production ? `is needed in production: at least ${SECRET_LENGTH} random characters (openssl rand -base64 48).` : undefined
  if (text.length < SECRET_LENGTH) return `must have at least ${SECRET_LENGTH} characters (openssl rand -base64 48).`
  if (new Set(text).size < SECRET_VARIETY) return 'must be random (openssl rand -base64 48).'
  return undefined
}

function findUnknownNames(env: Environment): string[] {
  const known: readonly string[] = CONFIG_NAMES
  return Object.keys(env)
    .filter(name => name.startsWith('NEXUS_') && !known.includes(name) && !name.startsWith('NEXUS_TEST_'))
    .sort()
    .map(name => {
      const meant = nearestName(name, known)
      return `${name} is not a setting of Nexus${meant === undefined ? '' : `; is ${meant} meant?`}`
    })
}
