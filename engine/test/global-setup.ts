/** Before a run that touches Postgres: finds or starts the server and makes the template once. */
import { dropLeftovers, ensureTemplate, findTestServer, SERVER_VARIABLE, servingUrl, startTestServer } from './harness/server.ts'

/** Called once by vitest; what it returns is called at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  const found = await findTestServer()
  const server = found === undefined ? await startTestServer(line => console.log(line)) : { adminUrl: found, stop: async () => undefined }
  // Test files run in processes of their own and inherit it.
  process.env[SERVER_VARIABLE] = server.adminUrl
  try {
    await dropLeftovers(server.adminUrl)
    await ensureTemplate(server.adminUrl)
    await servingUrl(server.adminUrl)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server.stop
}
