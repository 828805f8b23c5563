import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../kernel/config.ts'
import { lookAtDisk, lookAtSettings } from './look-at-settings.ts'

const SECRET = 'secret-of-the-doctor-test-0123456789'
const kept = { secret: SECRET, operator_token: 'operator-token-of-the-doctor-test' }
const read = (values: Record<string, string>) => lookAtSettings(readConfig(values, () => kept))
const production = {
  NODE_ENV: 'production',
  NEXUS_SECRET: 'k8Jw2mQx9Lr4Vt7Zp1Hs6Nd3Fb5Gc0Ya',
  NEXUS_OPERATOR_TOKEN: 'Ya0Gc5Fb3Nd6Hs1Zp7Vt4Lr9Qx2mJw8k',
  NEXUS_PUBLIC_URL: 'https://nexus.example.com',
  DATABASE_URL: 'postgres://nexus:x@localhost/nexus',
  HOST: '0.0.0.0',
}

test.each([
  [{}, 'ok', 'for development'],
  [production, 'ok', 'fit for production'],
  [{ HOST: '0.0.0.0' }, 'wrong', 'everybody who reaches it can sign in to the demo tenants'],
  [{ NEXUS_PUBLIC_URL: 'https://nexus.example.com' }, 'warning', 'NODE_ENV is not production'],
  [{ ...production, NEXUS_SECRET: 'short' }, 'wrong', 'NEXUS_SECRET must have at least 32 characters'],
  [{ ...production, NEXUS_PUBLIC_URL: 'http://nexus.example.com' }, 'wrong', 'NEXUS_PUBLIC_URL must be https'],
  [{ ...production, NEXUS_ALLOW_OLD_POSTGRES: '1' }, 'warning', 'known faults'],
  [{ ...production, DATABASE_URL: 'postgres://nexus:x@db.example.com/nexus' }, 'warning', 'does not ask for TLS'],
  [{ ...production, HOST: '127.0.0.1' }, 'warning', 'none is trusted'],
  [{ ...production, NEXUS_METRICS_PORT: '9464' }, 'warning', 'reads the metrics'],
  [{ NEXUS_SECRTE: 'x' }, 'warning', 'NEXUS_SECRTE is not a setting'],
] as const)('%j: %s', (values, level, words) => {
  expect(read(values)).toEqual(expect.arrayContaining([expect.objectContaining({ level, found: expect.stringContaining(words) })]))
})

test('a disk with room, and a folder that is not there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-disk-'))
  const found = async (places: [string, string][]) => lookAtDisk({ dataDir: folder }, new Map(places))
  expect(await found([])).toMatchObject([{ level: 'ok', found: expect.stringMatching(/^[\d.]+ GB \(\d+ %\) free for the data folder$/) }])
  expect(await found([['the other', join(folder, 'nowhere')]])).toMatchObject([
    { level: 'wrong', found: expect.stringContaining('can not be looked at') },
  ])
  rmSync(folder, { recursive: true })
})

// Nothing can be kept there, and the system says so.
const isFull = process.platform === 'linux' && statfsSync('/proc').bavail === 0

test.runIf(isFull)('a disk without room is the first thing to mend', async () => {
  const [first] = await lookAtDisk({ dataDir: tmpdir() }, new Map([['the embedded Postgres', '/proc']]))
  expect(first).toMatchObject({
    level: 'wrong',
    found: expect.stringMatching(/^Only 0\.0 GB .* free for the embedded Postgres$/),
    mend: expect.stringContaining('Make room now'),
  })
})
