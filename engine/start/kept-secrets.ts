/** Makes and keeps the secrets a development installation needs, in one file that only its user can read. */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { KeptSecrets } from '../kernel/config.ts'

/** The secrets of this data folder, made at the first call. */
export function keepSecrets(dataDir: string): KeptSecrets & { readonly database_password: string } {
  const folder = resolve(dataDir)
  const file = join(folder, 'secrets.json')
  mkdirSync(folder, { recursive: true })
  const fresh = { secret: randomText(), operator_token: randomText(), database_password: randomText() }
  try {
    writeFileSync(file, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    return fresh
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<typeof fresh>
  for (const name of ['secret', 'operator_token', 'database_password'] as const) {
    if (typeof kept[name] !== 'string' || kept[name].length < 32)
      throw new Error(`${file} lacks "${name}". Put it back, or delete the file to sign everyone out.`)
  }
  return kept as typeof fresh
}

function randomText(): string {
  return randomBytes(48).toString('base64url')
}
