/**
 * A process that serves as in production but grants its callers any pace, as if each request came from a person of his own:
 * `node served-process.ts <database url> <data folder>`. Prints its address.
 */
import { UNLIMITED } from '../../guard/index.ts'
import { createServer } from '../../http/index.ts'
import { readConfig } from '../../kernel/config.ts'
import { createLog } from '../../kernel/log.ts'
import { buildEngine } from '../../start/wiring.ts'

const [databaseUrl = '', folder = ''] = process.argv.slice(2)
const kept = { secret: 'secret-of-the-test-harness-0123456789', operator_token: 'operator-token-of-the-test-harness' }
const { config } = readConfig({ NEXUS_DATA_DIR: folder, NODE_ENV: 'test' }, () => kept)
if (config === undefined) throw new Error('The settings of the test are wrong.')
const log = createLog({ write: () => undefined })
const wired = await buildEngine({ config, databaseUrl, redisUrl: undefined, background: false, log, rates: UNLIMITED })
const app = await createServer(wired.engine)
process.stdout.write(await app.listen({ host: '127.0.0.1', port: 0 }))
