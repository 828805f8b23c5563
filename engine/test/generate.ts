/** `npm run generate`: writes every file that is made from others. A test fails where one of them is out of date. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { renderGenerated } from '../../metadata/generate.ts'
import { writeLocks } from '../model/lock-packs.ts'
import { GENERATED_PAGES } from './docs-generated.ts'
import { DOCS_INDEX, renderDocsIndex } from './docs-index.ts'
import { root } from './source-files.ts'

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

const language = Object.entries(await renderGenerated()).map(([path, text]) => [join('metadata', path), text] as const)
if (language.some(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)) {
  for (const [path, text] of language) write(path, text)
  // What follows reads documents by these schemas, and this process has loaded the old ones.
  process.exit(spawnSync(process.execPath, [import.meta.filename], { stdio: 'inherit' }).status ?? 1)
}
writeLocks(join(root, 'seeds'), ['core', 'sales'])
for (const [path, render] of GENERATED_PAGES) write(path, await render())
write(DOCS_INDEX, renderDocsIndex())
