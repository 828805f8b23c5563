import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COMMANDS_REFERENCE } from './docs-commands.ts'
import { GENERATED_PAGES } from './docs-generated.ts'
import { DOCS_INDEX, readDocsPages, renderDocsIndex } from './docs-index.ts'
import { findDeadLinks } from './docs-links.ts'
import { root } from './source-files.ts'

const pages = readDocsPages()
const papers = ['README.md', 'CONTRIBUTING.md', DOCS_INDEX, ...pages.map(page => page.path)]

test('the index lists every page there is and no other (npm run generate)', () => {
  expect(readFileSync(join(root, DOCS_INDEX), 'utf8')).toBe(renderDocsIndex())
})

test('a page in a folder of its own making has no place in the index', () => {
  const stray = { path: 'docs/drawer/note.md', title: 'Note', sentence: 'Lost.' }
  expect(() => renderDocsIndex([...pages, stray])).toThrow('docs/drawer/note.md')
})

test.each(papers)('%s points only to what is there', path => {
  expect(findDeadLinks(path)).toEqual([])
})

test('decisions are numbered, each number once', () => {
  const names = pages.filter(page => page.path.startsWith('docs/decisions/')).map(page => page.path.slice('docs/decisions/'.length))
  expect(names.filter(name => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual([])
  const numbers = names.map(name => name.slice(0, 4))
  expect(numbers).toEqual([...new Set(numbers)])
})

test('the licence is the one the package names', () => {
  const { license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { license: string }
  expect(license).toBe('Apache-2.0')
  expect(existsSync(join(root, 'LICENSE'))).toBe(true)
  expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toContain('Version 2.0, January 2004')
})

// The page of commands starts a process for each of them: it is compared with the papers that are followed.
const quick = [...GENERATED_PAGES].filter(([path]) => path !== COMMANDS_REFERENCE)

test.each(quick)('%s says what the code says (npm run generate)', async (path, render) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(await render())
})
