/**
 * How tests run: `unit` needs nothing but Node; `feature` has a Postgres, a database per file, and may start the engine.
 * A file belongs to `feature` by its folder (engine/test/<family>/) or its name (*.database.test.ts).
 */
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const all = '{metadata,engine,seeds,runtime-ui,studio}/**/*.test.{ts,tsx}'
const feature = ['engine/test/*/**/*.test.ts', '**/*.database.test.ts']
const never = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  root,
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      // Nothing here waits: a test that takes this long hangs, or the machine is busy with others.
      { extends: true, test: { name: 'unit', include: [all], exclude: [...never, ...feature], testTimeout: 20_000 } },
      {
        extends: true,
        test: {
          name: 'feature',
          include: feature,
          exclude: never,
          globalSetup: ['engine/test/global-setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
          // What a browser or a worker is about to do may take its time on a busy machine.
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
})
