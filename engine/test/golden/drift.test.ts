/** Answers for: the committed types and schemas are those that metadata/schemas describes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderGenerated } from '../../../metadata/generate.ts'

test('the generated files say what the schemas say; npm run generate writes them anew', async () => {
  for (const [path, text] of Object.entries(await renderGenerated())) {
    expect(readFileSync(join(import.meta.dirname, '../../../metadata', path), 'utf8'), path).toBe(text)
  }
})
