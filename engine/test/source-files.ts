/** Reads the checkout's source files and what each of them imports, for the tests that judge the house as a whole. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** One import, export-from, dynamic import or type import. */
export interface Import {
  /** Path from the root for our own files, else the package's name or `node:…`. */
  readonly target: string
  readonly own: boolean
  readonly typesOnly: boolean
}

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly isTest: boolean
  readonly imports: readonly Import[]
  readonly program: unknown
}

const FOLDERS = ['engine', 'metadata', 'seeds', 'runtime-ui', 'studio']

/** Every .ts, .tsx and .mjs file but generated and built ones. */
export function readSourceFiles(): SourceFile[] {
  return FOLDERS.flatMap(listFiles).map(path => {
    const text = readFileSync(join(root, path), 'utf8')
    const { program, module, errors } = parseSync(path, text)
    if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`)
    const found = new Map<string, boolean>()
    const note = (specifier: string, typesOnly: boolean): void => void found.set(specifier, typesOnly && (found.get(specifier) ?? true))
    for (const each of module.staticImports) {
      note(each.moduleRequest.value, each.entries.length > 0 && each.entries.every(entry => entry.isType))
    }
    for (const entry of module.staticExports.flatMap(each => each.entries)) {
      if (entry.moduleRequest !== null) note(entry.moduleRequest.value, entry.isType)
    }
    for (const [, specifier] of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)) note(specifier ?? '', false)
    const imports = [...found].map(([specifier, typesOnly]) => ({ ...locate(path, specifier), typesOnly }))
    return { path, text, isTest: /\.test\.tsx?$/.test(path), imports, program }
  })
}

function locate(from: string, specifier: string): { target: string; own: boolean } {
  if (specifier.startsWith('.')) return { target: relative(root, resolve(root, dirname(from), specifier)).replaceAll('\\', '/'), own: true }
  if (specifier.startsWith('node:')) return { target: specifier, own: false }
  return { target: specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'), own: false }
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
      .map(entry => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .filter(path => !/(^|\/)(node_modules|dist|generated)\//.test(path))
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
