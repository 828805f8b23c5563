import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { spoolTo } from '../../identity/mail-spool.ts'
import { lookAtMail, lookAtProcess, lookAtTraces } from './look-at-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'nexus-doctor-process-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the process that serves here', async () => {
  const answers = new Map<string, [number, string]>()
  const listening = createServer((incoming, outgoing) => {
    const [status, body] = answers.get(incoming.url ?? '') ?? [404, '{}']
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  const seen = async () => (await lookAtProcess({ host: '0.0.0.0', port }, { commit: 'abc' }))[0]
  const is = (commit: string, ready: number): void => {
    answers.set('/version', [200, JSON.stringify({ data: { name: 'nexus', version: '1', commit } })])
    answers.set('/health/ready', [ready, '{}'])
  }
  expect(await seen()).toMatchObject({ level: 'wrong', found: expect.stringContaining('Another program') })
  is('abc', 200)
  expect(await seen()).toMatchObject({ level: 'ok', found: `ready at http://127.0.0.1:${port}` })
  is('abc', 503)
  expect(await seen()).toMatchObject({ level: 'wrong', found: expect.stringContaining('not ready') })
  is('def', 200)
  expect(await seen()).toMatchObject({ level: 'warning', found: expect.stringContaining('of the build def') })
  expect(await lookAtTraces({ otlpEndpoint: `http://127.0.0.1:${port}` })).toMatchObject([{ level: 'ok' }])
  listening.closeAllConnections()
  listening.close()
  await once(listening, 'close')
  expect(await seen()).toMatchObject({ level: 'ok', found: expect.stringContaining('none answers') })
  expect(await lookAtTraces({ otlpEndpoint: `http://127.0.0.1:${port}` })).toMatchObject([{ level: 'warning' }])
  expect(await lookAtTraces({ otlpEndpoint: undefined })).toEqual([])
})

test('letters that nobody takes', async () => {
  const mail = (production: boolean, now?: number) => lookAtMail({ dataDir: folder, production }, now)
  await spoolTo(join(folder, 'mail'), 'nexus@example.test')({ to: 'a@example.test', subject: 'Hello', text: 'Hello' })
  const later = Date.now() + 3 * 3_600_000
  expect(await mail(true)).toMatchObject([{ level: 'ok', found: expect.stringContaining('1 letter in') }])
  expect(await mail(false, later)).toMatchObject([{ level: 'ok' }])
  expect(await mail(true, later)).toMatchObject([{ level: 'warning', found: expect.stringMatching(/the first for 3 h$/) }])
  rmSync(join(folder, 'mail'), { recursive: true })
  expect(await mail(true, later)).toMatchObject([{ level: 'ok', found: expect.stringContaining('0 letters') }])
})
