/** A process that does nothing but fill fields, to be killed: `node fill-worker.ts <database url>`. */
import { join } from 'node:path'
import { startFiller } from '../../authoring/index.ts'
import { createLog } from '../../kernel/log.ts'
import { untold } from '../../kernel/steps.ts'
import { createModels } from '../../model/index.ts'
import { createDatabase } from '../../platform/postgres.ts'
import { readPacks } from '../../start/read-packs.ts'
import { createCursorBox } from '../../validate/index.ts'
import { root } from '../source-files.ts'

const database = createDatabase({ url: process.argv[2] ?? '' })
const log = createLog()
const models = createModels({ database, packs: await readPacks(join(root, 'seeds')), log })
const filler = startFiller({
  database,
  models,
  log,
  steps: untold,
  cursors: createCursorBox('secret'),
  trees: { of: async () => id => [id] },
})
filler.wake()
// Looking for work does not keep a process alive; this one lives until it is killed.
setInterval(() => undefined, 1_000)
