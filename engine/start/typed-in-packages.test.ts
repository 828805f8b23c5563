/** The program as npm puts it beside other packages: its sources lie in a node_modules, where Node runs no TypeScript by itself. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'nexus-package-'))
const modules = join(folder, 'node_modules')

beforeAll(() => {
  mkdirSync(modules)
  for (const name of readdirSync(join(root, 'node_modules'))) symlinkSync(join(root, 'node_modules', name), join(modules, name))
  for (const name of ['engine', 'metadata', 'seeds', 'package.json'])
    cpSync(join(root, name), join(modules, 'nexus', name), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 })

test('a command runs without a lockfile, and installs nothing', () => {
  const before = readdirSync(modules)
  const { bin } = JSON.parse(readFileSync(join(modules, 'nexus/package.json'), 'utf8')) as { bin: { nexus: string } }
  const { stdout, stderr, status } = run(join(modules, 'nexus', bin.nexus), 'types', '--help')
  expect([stderr, status]).toEqual(['', 0])
  expect(stdout).toContain('nexus types --tenant <key> --as <e-mail>')
  expect(readdirSync(modules).filter(name => !before.includes(name) && name !== '.nexus-code')).toEqual([])
})

test('the client is imported by its name', () => {
  const program = `import { createClient, Problem } from 'nexus/client'; console.log(typeof createClient().list, Problem.name)`
  const { stdout, stderr } = run('--input-type=module', '--eval', program)
  expect([stderr, stdout.trim()]).toEqual(['', 'function Problem'])
})
