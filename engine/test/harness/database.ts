/** Gives a test file a database of its own, migrated and empty, and takes it away when the file is done. */
import { randomBytes } from 'node:crypto'
import { afterAll } from 'vitest'
import { dropDatabase, ensureDatabase, withDatabase } from '../../platform/server-admin.ts'
import { revealFailures } from '../../platform/sql-failure.ts'
import { ensureTemplate, findTestServer, SERVER_VARIABLE, servingUrl } from './server.ts'

export interface TestDatabase {
  readonly name: string
  /** For the engine: a login that can become the serving roles and nothing more. */
  readonly url: string
  /** For migrations, and for tests that look behind the curtain: the superuser. */
  readonly adminUrl: string
  drop(): Promise<void>
}

/** Copies a template, the empty one unless another is named; dropped after the file's tests, whether or not the test does it. */
export async function freshDatabase(template?: string): Promise<TestDatabase> {
  revealFailures()
  const server = await findTestServer()
  if (server === undefined) {
    throw new Error(
      `No test server: run tests by "npm run test:only -- <path>", keep one by "npm run test:postgres", or set ${SERVER_VARIABLE}.`,
    )
  }
  const name = `nexus_test_${process.pid}_${randomBytes(4).toString('hex')}`
  await ensureDatabase(server, name, template ?? (await ensureTemplate(server)))
  const adminUrl = withDatabase(server, name)
  const drop = (): Promise<void> => dropDatabase(server, name)
  afterAll(drop)
  return { name, url: await servingUrl(adminUrl), adminUrl, drop }
}
