/** The sources of another commit in a folder of their own, with this checkout's packages: what an engine of that commit is started from. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { hashMigrations, readMigrations } from '../platform/migrate.ts'

const root = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

/** Takes it out of the repository. Throws TypeError where there is no such commit, or its schema is another. */
export async function checkoutOf(rev: string): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = join(mkdtempSync(join(tmpdir(), 'nexus-bench-')), 'checkout')
  const git = (...args: string[]): Promise<unknown> => run('git', args, { cwd: root })
  await git('worktree', 'add', '--detach', folder, rev).catch(() => {
    throw new TypeError(`--against: there is no commit ${rev}.`)
  })
  const remove = async (): Promise<void> => {
    await git('worktree', 'remove', '--force', folder)
    rmSync(resolve(folder, '..'), { recursive: true, force: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const schema = async (checkout: string): Promise<string> =>
    hashMigrations(await readMigrations(join(checkout, 'engine/platform/migrations')))
  if ((await schema(folder)) !== (await schema(root))) {
    await remove()
    throw new TypeError(`--against: ${rev} has another schema. Run its own bench with --json and this one with --compare.`)
  }
  return { folder, remove }
}
