import { expect, test } from 'vitest'
import { clearRefreshCookie, isSameSite, readRefreshCookie, writeRefreshCookie } from './refresh-cookie.ts'

const config = { secret: 'x', publicUrl: 'https://crm.acme.test/app' }
const token = { value: 'tenant.refresh.payload.seal', expiresAt: new Date('2025-03-08T10:00:00.000Z') }

test('the cookie is closed to scripts, other sites, other routes and plain lines', () => {
  expect(writeRefreshCookie(config, token)).toBe(
    'nexus_refresh=tenant.refresh.payload.seal; Expires=Sat, 08 Mar 2025 10:00:00 GMT; Path=/api/auth; HttpOnly; SameSite=Strict; Secure',
  )
  expect(clearRefreshCookie(config)).toBe('nexus_refresh=; Max-Age=0; Path=/api/auth; HttpOnly; SameSite=Strict; Secure')
})

test('only an installation on plain http does without Secure', () => {
  expect(writeRefreshCookie({ ...config, publicUrl: 'http://localhost:8080' }, token)).not.toContain('Secure')
})

test('is read among others, and not at all when it stands there twice', () => {
  expect(readRefreshCookie('theme=dark; nexus_refresh=a.b.c; lang=en')).toBe('a.b.c')
  expect(readRefreshCookie('xnexus_refresh=a; nexus_refresh2=b')).toBeNull()
  expect(readRefreshCookie('nexus_refresh=a; nexus_refresh=b')).toBeNull()
  expect(readRefreshCookie(undefined)).toBeNull()
})

test('a request counts as our own by the host its page was loaded from', () => {
  expect(isSameSite(config, { origin: 'http://192.168.1.20:8080', host: '192.168.1.20:8080' })).toBe(true)
  expect(isSameSite(config, { origin: 'http://192.168.1.20:8081', host: '192.168.1.20:8080' })).toBe(false)
  expect(isSameSite(config, { origin: 'file://192.168.1.20:8080', host: '192.168.1.20:8080' })).toBe(false)
  expect(isSameSite(config, { origin: 'null', host: 'null' })).toBe(false)
  expect(isSameSite(config, { host: '192.168.1.20:8080' })).toBe(false)
})

test('a request counts as our own by the header or by the very origin', () => {
  expect(isSameSite(config, { 'nexus-client': 'runtime-ui' })).toBe(true)
  expect(isSameSite(config, { origin: 'https://crm.acme.test' })).toBe(true)
  for (const origin of [
    'https://crm.acme.test.evil.test',
    'http://crm.acme.test',
    'https://evil.test',
    'null',
    '',
    'https://crm.acme.test:444',
  ])
    expect(isSameSite(config, { origin })).toBe(false)
  expect(isSameSite(config, {})).toBe(false)
})
