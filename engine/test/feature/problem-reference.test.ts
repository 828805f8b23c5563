import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROBLEM_REFERENCE, renderProblemReference } from '../problem-reference.ts'
import { root } from '../source-files.ts'

test('the page of problems says what the code does (npm run generate)', async () => {
  expect(readFileSync(join(root, PROBLEM_REFERENCE), 'utf8')).toBe(await renderProblemReference())
})
