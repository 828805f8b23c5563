/**
 * `nexus trace "GET /api/…" --as <e-mail>`: sends a request through the door of an engine in this process and shows what went into each
 * station, what came out, how long it took, and every statement that was sent. What a request writes is taken back.
 */
import type { Engine } from '../http/engine.ts'
import { createServer } from '../http/server.ts'
import { UNLIMITED, RateGuard } from '../guard/index.ts'
import type { Database, Statement, TenantConnection } from '../platform/index.ts'
import { asTrial } from '../transfer/index.ts'
import { defineCommand, JSON_OPTION } from './command.ts'
import { requestOf, requireOption, withEngine } from './command-engine.ts'
import { StartRefused } from './main.ts'
import { briefTrace, describeTrace, type TraceEntry } from './trace-words.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const METHODS: readonly string[] = ['GET', 'POST', 'PATCH', 'DELETE']

export const command = defineCommand({
  name: 'trace',
  about: 'Show what each station makes of a request.',
  usage: '"<METHOD> <address>" --as <e-mail> [--tenant <key>]',
  words: 2,
  options: {
    as: { type: 'string', value: '<e-mail>', about: 'The user who asks.' },
    tenant: { type: 'string', value: '<key>', about: 'His tenant.', default: 'demo' },
    body: { type: 'string', value: '<json>', about: 'What is sent; a merge-patch for PATCH.' },
    'if-match': { type: 'string', value: '<n>', about: 'The version a change is made from.' },
    json: JSON_OPTION,
  },
  notes: `Shows the stations of the road in the order in which they end, each with input, output and time, and every statement with its values.
What the request writes is taken back.
Example: nexus trace 'GET /api/records/deal?limit=2&sort=-amount' --as rep@demo.test`,
  exits: { 0: 'the request was answered', 1: 'it was refused' },
  async run({ values, positionals }, tell) {
    const [, method = '', address = ''] = /^([A-Z]+)\s+(\/.*)$/.exec(positionals.join(' ').trim()) ?? []
    // What a shell lets through unescaped, a browser would escape.
    const url = address.replaceAll(/[{}"<>^`| ]/g, encodeURIComponent)
    if (!isMethod(method)) throw new StartRefused('Name a request like "GET /api/records/deal?limit=2". nexus trace --help tells the rest.')
    // Only what goes through the records' own door can be taken back.
    if (method !== 'GET' && !url.startsWith('/api/records/'))
      throw new StartRefused('Besides GET, only requests to /api/records/… can be traced.')
    const email = requireOption(values.as, 'as')
    return withEngine(tell, async wired => {
      const { caller } = await requestOf(wired, values.tenant, email, 'cli trace')
      const trace: TraceEntry[] = []
      let ms = 0
      const answer = await asTrial(wired.database, caller.tenant.id, async database => {
        const app = await createServer(tracedEngine(wired.engine, database, trace, { tenant: values.tenant, email }), { trace })
        try {
          const patch = values['if-match'] === undefined ? {} : { 'if-match': `"${values['if-match']}"` }
          const type =
            values.body === undefined ? {} : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }
          const started = performance.now()
          const told = await app.inject({
            method,
            url,
            headers: { host: 'localhost', ...patch, ...type },
            ...(values.body === undefined ? {} : { payload: values.body }),
          })
          ms = performance.now() - started
          return told
        } finally {
          await app.close()
        }
      })
      const outcome = {
        request: `${method} ${address}`,
        as: email,
        status: answer.statusCode,
        ms,
        body: answer.body,
        trace,
      }
      process.stdout.write(`${values.json ? JSON.stringify(briefTrace(outcome), null, 2) : describeTrace(outcome).join('\n')}\n`)
      return answer.statusCode < 400 ? 0 : 1
    })
  },
})

function tracedEngine(
  engine: Engine,
  database: Database,
  trace: TraceEntry[],
  asked: { readonly tenant: string; readonly email: string },
): Engine {
  return {
    ...engine,
    database: tracedDatabase(database, trace),
    rate: new RateGuard(UNLIMITED),
    // An operator's look is no denial of the user's.
    denials: { record: async () => undefined },
    identity: { ...engine.identity, authenticate: () => engine.identity.callerByEmail(asked.tenant, asked.email, new Date()) },
  }
}

function isMethod(text: string): text is Method {
  return METHODS.includes(text)
}

/** Notes every statement with its values, its rows and its time. */
function tracedDatabase(database: Database, trace: TraceEntry[]): Database {
  const traced = (connection: TenantConnection): TenantConnection => {
    const noted = async <T>(statement: Statement, work: () => Promise<T>, rowsOf: (answer: T) => unknown): Promise<T> => {
      const started = performance.now()
      const answer = await work()
      trace.push({ station: 'sql', name: 'statement', input: statement, output: rowsOf(answer), ms: performance.now() - started })
      return answer
    }
    return {
      tenantId: connection.tenantId,
      run: statement =>
        noted(
          statement,
          () => connection.run(statement),
          rows => rows,
        ),
      rows: statement =>
        noted(
          statement,
          () => connection.rows(statement),
          rows => rows.map(row => row.fields),
        ),
      execute: statement =>
        noted(
          statement,
          () => connection.execute(statement),
          count => count,
        ),
      commitAfterThis: () => connection.commitAfterThis(),
    }
  }
  return {
    ...database,
    readAs: (tenantId, work) => database.readAs(tenantId, connection => work(traced(connection))),
    writeAs: (tenantId, work) => database.writeAs(tenantId, connection => work(traced(connection))),
  }
}
