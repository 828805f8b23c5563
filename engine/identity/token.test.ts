import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { newId, newSecret } from '../kernel/ids.ts'
import {
  type AccessClaims,
  hashSecret,
  matchesHash,
  openAccess,
  openRefresh,
  readStored,
  sealAccess,
  sealRefresh,
  writeStored,
} from './token.ts'

const secret = newSecret()
const tenantId = newId()
const now = new Date('2025-03-01T10:00:00.000Z')
const seconds = now.getTime() / 1000
const claims: AccessClaims = {
  iss: 'nexus',
  aud: 'nexus-api',
  sub: newId(),
  sid: newId(),
  tenant_epoch: 1,
  user_epoch: 2,
  iat: seconds,
  exp: seconds + 600,
}
const token = sealAccess(secret, tenantId, claims)
const opens = (text: string, at = now) => openAccess(secret, text, at) !== null
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('begins with its tenant and gives back what was sealed', () => {
  expect(token.startsWith(`${tenantId}.access.`)).toBe(true)
  expect(openAccess(secret, token, now)).toEqual({ tenantId, claims })
})

test('is worth nothing from the second of its expiry', () => {
  expect(opens(token, new Date(now.getTime() + 599_999))).toBe(true)
  expect(opens(token, new Date(now.getTime() + 600_000))).toBe(false)
})

test('does not survive a change of any single character', () => {
  for (let at = 0; at < token.length; at++) {
    for (const other of ['A', 'a', '0', '.', '_', '=', ' ']) {
      const changed = token.slice(0, at) + other + token.slice(at + 1)
      if (changed !== token) expect(opens(changed), `${other} at ${at}`).toBe(false)
    }
  }
})

test.each([
  ['cut', token.slice(0, -1)],
  ['lengthened', `${token}A`],
  ['padded', `${token}=`],
  ['with a line end', `${token}\n`],
  ['with a blank before', ` ${token}`],
  ['doubled', `${token}.${token}`],
  ['empty', ''],
  ['huge', token + 'A'.repeat(100_000)],
  [
    'in another alphabet',
    token.replaceAll('-', '+').replaceAll('_', '/') === token ? `+${token}` : token.replaceAll('-', '+').replaceAll('_', '/'),
  ],
  ['without its seal', token.slice(0, token.lastIndexOf('.'))],
  ['with an empty seal', token.slice(0, token.lastIndexOf('.') + 1)],
])('is refused %s', (_how, text) => {
  expect(opens(text)).toBe(false)
})

test('belongs to one tenant: moved to another, or re-spelled, it is void', () => {
  expect(opens(token.replace(tenantId, newId()))).toBe(false)
  expect(opens(token.replace(tenantId, tenantId.toUpperCase()))).toBe(false)
  expect(opens(token.replace(tenantId, tenantId.replaceAll('-', '')))).toBe(false)
})

test('has no algorithm to choose: JSON web tokens of every kind are strangers', () => {
  for (const alg of ['none', 'None', 'HS256', 'RS256', 'ES256', 'EdDSA']) {
    const head = `${encode({ alg, typ: 'JWT' })}.${encode({ ...claims, tid: tenantId })}`
    const mac = createHmac('sha256', secret).update(head).digest('base64url')
    for (const text of [
      `${head}.`,
      `${head}.${mac}`,
      `${tenantId}.access.${head}.${mac}`,
      `${tenantId}.access.${encode({ ...claims, alg })}.`,
    ]) {
      expect(opens(text)).toBe(false)
    }
  }
})

test('is sealed with a derived key, never with the secret itself', () => {
  const head = `${tenantId}.access.${encode(claims)}`
  expect(opens(`${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`)).toBe(false)
  expect(openAccess(newSecret(), token, now)).toBeNull()
})

test('serves one purpose only', () => {
  const refresh = sealRefresh(secret, tenantId, { iss: 'nexus', aud: 'nexus-refresh', sid: claims.sid, generation: 1, secret: newSecret() })
  expect(openRefresh(secret, refresh)).not.toBeNull()
  expect(opens(refresh)).toBe(false)
  expect(opens(refresh.replace('.refresh.', '.access.'))).toBe(false)
  expect(openRefresh(secret, token)).toBeNull()
  expect(openRefresh(secret, token.replace('.access.', '.refresh.'))).toBeNull()
  const reset = writeStored(tenantId, 'password_reset', newId(), newSecret())
  expect(readStored(reset, 'password_reset')).not.toBeNull()
  expect(readStored(reset, 'invitation')).toBeNull()
  expect(readStored(reset.replace('password_reset', 'key'), 'password_reset')).toBeNull()
  expect(readStored(token, 'key')).toBeNull()
})

test.each([
  ['another issuer', { ...claims, iss: 'someone' }],
  ['another audience', { ...claims, aud: 'nexus-refresh' }],
  ['no session', { ...claims, sid: undefined }],
  ['a name for a user', { ...claims, sub: 'admin' }],
  ['no expiry', { ...claims, exp: undefined }],
  ['an expiry in words', { ...claims, exp: '9999999999' }],
  ['an endless expiry', { ...claims, exp: Number.MAX_VALUE }],
  ['a fractional epoch', { ...claims, user_epoch: 1.5 }],
])('is refused with %s, even sealed by us', (_what, odd) => {
  expect(opens(sealAccess(secret, tenantId, odd as AccessClaims))).toBe(false)
})

test('keeps secrets by hash', () => {
  const one = newSecret()
  expect(matchesHash(one, hashSecret(one))).toBe(true)
  expect(matchesHash(newSecret(), hashSecret(one))).toBe(false)
  expect(hashSecret(one)).not.toContain(one)
})
