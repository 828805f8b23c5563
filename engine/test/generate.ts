/** `npm run generate`: writes every file that is made from others. A test fails where one of them is out of date. */
import { mkdirSync, writeFileSync } from 'node:fs'
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

for (const [path, text] of Object.entries(await renderGenerated())) write(join('metadata', path), text)
writeLocks(join(root, 'seeds'), ['core', 'sales'])
for (const [path, render] of GENERATED_PAGES) write(path, await render())
write(DOCS_INDEX, renderDocsIndex())
