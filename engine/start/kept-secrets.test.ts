import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepSecrets } from './kept-secrets.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nexus-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('makes them once and gives the same ever after', () => {
  const first = keepSecrets(folder)
  expect(keepSecrets(folder)).toEqual(first)
  expect(new Set(Object.values(first)).size).toBe(3)
  expect(first.secret.length).toBeGreaterThanOrEqual(64)
})

test('closes the file to others, also when someone opened it', () => {
  keepSecrets(folder)
  const file = join(folder, 'secrets.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  chmodSync(file, 0o644)
  keepSecrets(folder)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('refuses a damaged file instead of signing everyone out', () => {
  writeFileSync(join(folder, 'secrets.json'), '{"secret":"x"}')
  expect(() => keepSecrets(folder)).toThrow('lacks "secret"')
})
