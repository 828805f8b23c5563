import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSecurityLog } from './security-log.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nexus-security-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const lines = () =>
  readFileSync(join(folder, 'security.log'), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))

test('an event is one line in a file that only its owner can read', () => {
  const log = openSecurityLog(join(folder, 'security.log'), () => {})
  log.append({ event: 'account_locked', tenant_id: '01980000-0000-7000-8000-000000000001', ip: '127.0.0.1', code: 'IDENTITY_LOCKED' })
  log.close()
  expect(lines()).toEqual([
    {
      time: expect.any(String),
      event: 'account_locked',
      tenant_id: '01980000-0000-7000-8000-000000000001',
      ip: '127.0.0.1',
      code: 'IDENTITY_LOCKED',
    },
  ])
  expect(statSync(join(folder, 'security.log')).mode & 0o777).toBe(0o600)
})

test('a second start appends', () => {
  for (const event of ['session_revoked', 'api_key_revoked'] as const) {
    const log = openSecurityLog(join(folder, 'security.log'), () => {})
    log.append({ event })
    log.close()
  }
  expect(lines().map(line => line.event)).toEqual(['session_revoked', 'api_key_revoked'])
})

test('values of the wrong shape are left out', () => {
  const log = openSecurityLog(join(folder, 'security.log'), () => {})
  log.append({ event: 'session_revoked', ip: 'canary\n{"event":"forged"}', reference: 'canary secret', route: '/x?token=canary' })
  log.close()
  expect(lines()).toEqual([{ time: expect.any(String), event: 'session_revoked' }])
})

test('a flood is counted instead of written, and hides no rare event', () => {
  const log = openSecurityLog(join(folder, 'security.log'), () => {})
  for (let n = 0; n < 5000; n++) log.append({ event: 'sign_in_failed', ip: '10.0.0.1' })
  log.append({ event: 'refresh_token_reused', ip: '10.0.0.1' })
  for (let n = 0; n < 5000; n++) log.append({ event: 'sign_in_failed', ip: `10.1.${n >> 8}.${n & 255}` })
  log.close()
  expect(lines().length).toBeLessThan(250)
  expect(lines().filter(line => line.event === 'refresh_token_reused')).toHaveLength(1)
  expect(lines().some(line => line.suppressed > 4000)).toBe(true)
})

test('a sink that can not be written to tells once and fails nobody', () => {
  const troubles: unknown[] = []
  const log = openSecurityLog(join(folder, 'security.log'), cause => troubles.push(cause))
  log.close()
  log.append({ event: 'account_locked' })
  log.append({ event: 'account_locked' })
  expect(troubles).toHaveLength(1)
})
