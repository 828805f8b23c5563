/** `npm run generate`: writes every file that is made from others. A test fails where one of them is out of date. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { renderGenerated } from '../../metadata/generate.ts'
import { PROBLEM_REFERENCE, renderProblemReference } from './problem-reference.ts'
import { root } from './source-files.ts'

const files: Record<string, string> = { [PROBLEM_REFERENCE]: await renderProblemReference() }
for (const [path, text] of Object.entries(await renderGenerated())) files[join('metadata', path)] = text

for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
