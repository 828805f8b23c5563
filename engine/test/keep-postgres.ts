/** `npm run test:postgres`: keeps one Postgres for tests running until Ctrl-C, so that each run needs not start its own. */
import { announceTestServer, ensureTemplate, findTestServer, startTestServer } from './harness/server.ts'

const found = await findTestServer()
if (found !== undefined) {
  console.log(`A test server is running already: ${found}`)
} else {
  const server = await startTestServer(line => console.log(line))
  const withdraw = announceTestServer(server.adminUrl)
  await ensureTemplate(server.adminUrl).catch((error: Error) => console.error(error.message))
  console.log(`Tests use ${server.adminUrl}\nCtrl-C stops it.`)
  const stop = (): void => {
    clearInterval(alive)
    withdraw()
    void server.stop()
  }
  const alive = setInterval(() => undefined, 60_000)
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}
