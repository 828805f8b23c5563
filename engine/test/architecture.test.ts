/** The house is as docs/architecture.md says: floors, faces, homes of libraries, purity, names, headers. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readHomes, readRooms, type Room } from './floors.ts'
import { readSourceFiles, root, type Import, type SourceFile } from './source-files.ts'

const rooms = readRooms()
const homes = readHomes()
const files = readSourceFiles()
const proof = rooms.find(room => room.path === 'engine/test') as Room

const PURE = ['engine/access', 'engine/validate', 'engine/plan', 'engine/sql', 'engine/shape']
const FORBIDDEN_WORDS = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'base', 'manager', 'service', 'services'])
const LONGEST_FILE = 400

const isWithin = (path: string, place: string): boolean =>
  path === place || path.startsWith(`${place}/`) || path.startsWith(`${place}.`) || path.startsWith(`${place}-`)
const roomOf = (path: string): Room | undefined => rooms.find(room => path.startsWith(`${room.path}/`))
/** Tests beside the code put rooms together, as floor 10 does. */
const standing = (file: SourceFile): Room | undefined => (file.isTest ? proof : roomOf(file.path))
const isCode = (file: SourceFile): boolean =>
  !file.isTest && !file.path.startsWith('engine/test/') && !file.path.startsWith('engine/bench/')

/** Why an import of one of our own files is not allowed; undefined when it is. */
function refuse(file: SourceFile, found: Import): string | undefined {
  const from = standing(file)
  const to = roomOf(found.target)
  if (from === undefined) return 'stands in no room of the table'
  if (to === undefined) return /\.(css|json|svg)$/.test(found.target) ? undefined : 'leads to no room of the table'
  if (from === to || (from === proof && file.isTest)) return undefined
  if (from.floor === undefined || to.floor === undefined) return refuseInterface(from, to, found)
  if (to.floor > from.floor) return `goes up from floor ${from.floor} to ${to.floor}`
  if (to.floor === from.floor && from.neighbours !== 'everything') {
    const isLeftTypes = from.neighbours === 'types to the left' && to.place < from.place && found.target === `${to.path}/types.ts`
    if (!isLeftTypes) return `${to.path} is a neighbour on floor ${to.floor}`
    return undefined
  }
  const isFace = found.target === `${to.path}/index.ts` || (found.target === `${to.path}/types.ts` && found.typesOnly)
  if (to.floor > 1 && from.floor < 9 && !isFace) return `is not the face of ${to.path} (index.ts, or types.ts by a type import)`
  return undefined
}

function refuseInterface(from: Room, to: Room, found: Import): string | undefined {
  if (from.floor !== undefined) return from.floor >= 9 ? undefined : `the engine does not know ${to.path}`
  if (!Array.isArray(from.mayKnow) || !from.mayKnow.includes(to.path)) return `${from.path} does not know ${to.path}`
  if (to.floor === undefined && !found.target.endsWith('/index.ts')) return `is not a face (index.ts) of ${to.path}`
  return undefined
}

const complaints = (check: (file: SourceFile) => Iterable<string | undefined>): string[] =>
  files.flatMap(file => [...check(file)].filter(words => words !== undefined).map(words => `${file.path}: ${words}`))

test('imports go down only, through faces', () => {
  const found = complaints(file =>
    file.imports
      .filter(each => each.own)
      .map(each => {
        const reason = refuse(file, each)
        return reason === undefined ? undefined : `${each.target} ${reason}`
      }),
  )
  expect(found).toEqual([])
})

test('every room of the engine is told of, and none that is not there', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
  const [, list = ''] = /## What lives where\n\n```\n([^`]*)```/.exec(page) ?? []
  const told = [...list.matchAll(/^(engine\/\S+)/gm)].map(([, path]) => path)
  const there = readdirSync(join(root, 'engine'), { withFileTypes: true }).filter(each => each.isDirectory())
  expect(told.toSorted()).toEqual(there.map(({ name }) => `engine/${name}`).toSorted())
})

test('no imports run in a circle', () => {
  const edges = new Map(files.map(file => [file.path, file.imports.filter(each => each.own).map(each => each.target)]))
  const state = new Map<string, 'open' | 'done'>()
  const circles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') return void circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    state.set(path, 'open')
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of edges.keys()) visit(path, [])
  expect(circles).toEqual([])
})

test('every library stays in its home', () => {
  const found = complaints(file =>
    file.imports
      .filter(each => !each.own)
      .map(({ target }) => {
        const home = homes.find(({ library }) => library === target || (library.endsWith('/*') && target.startsWith(library.slice(0, -1))))
        if (home === undefined || !isCode(file) || home.homes.some(place => isWithin(file.path, place))) return undefined
        return `${target} lives in ${home.homes.join(', ')}`
      }),
  )
  expect(found).toEqual([])
})

test('the language and the user interfaces use nothing of Node', () => {
  const found = complaints(file => {
    const isHere = /^(metadata\/|runtime-ui\/src\/|studio\/src\/)/.test(file.path) && file.path !== 'metadata/generate.ts' && !file.isTest
    return isHere ? file.imports.filter(each => each.target.startsWith('node:')).map(each => `imports ${each.target}`) : []
  })
  expect(found).toEqual([])
})

test('the pure rooms neither wait nor look at the clock', () => {
  const found = complaints(file => {
    const isPure = PURE.some(place => file.path.startsWith(`${place}/`)) && !file.isTest
    if (!isPure) return []
    const outside = file.imports
      .filter(each => each.target.startsWith('node:') && each.target !== 'node:crypto')
      .map(each => `imports ${each.target}`)
    return [...outside, ...impurities(file.program)]
  })
  expect(found).toEqual([])
})

interface Node {
  readonly type?: string
  readonly async?: boolean
  readonly arguments?: readonly unknown[]
  readonly callee?: { readonly name?: string; readonly object?: { readonly name?: string }; readonly property?: { readonly name?: string } }
}

function* impurities(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return
  const { type, callee, async } = node as Node
  if (type === 'AwaitExpression') yield 'awaits'
  if (async === true) yield 'has an async function'
  const called = `${callee?.object?.name ?? ''}.${callee?.property?.name ?? ''}`
  if (type === 'CallExpression' && ['Date.now', 'Math.random', 'performance.now'].includes(called)) yield `calls ${called}`
  if (type === 'NewExpression' && callee?.name === 'Date' && (node as Node).arguments?.length === 0) yield 'reads the clock'
  for (const child of Object.values(node)) yield* Array.isArray(child) ? child.flatMap(each => [...impurities(each)]) : impurities(child)
}

test('no name says nothing', () => {
  const found = complaints(({ path }) =>
    path
      .split(/[/.-]/)
      .filter(word => FORBIDDEN_WORDS.has(word))
      .map(word => `is called "${word}"`),
  )
  expect(found).toEqual([])
})

test('files and folders are named in kebab-case', () => {
  const found = complaints(({ path }) =>
    path
      .split('/')
      .filter(part => !/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(part))
      .map(part => `"${part}"`),
  )
  expect(found).toEqual([])
})

test('every file begins by saying what it answers for, and stays readable in one go', () => {
  const found = complaints(file => {
    const text = file.text.replace(/^#!.*\n/, '')
    const lines = text.split('\n').length
    return [
      file.isTest || /^(\/\*\*|\/\/) ?\S?/.test(text) ? undefined : 'has no header',
      lines > LONGEST_FILE && isCode(file) ? `has ${lines} lines` : undefined,
    ]
  })
  expect(found).toEqual([])
})

test('nothing is silenced or left for later', () => {
  const found = complaints(file =>
    [/@ts-(ignore|nocheck|expect-error)/, /(oxlint|eslint|biome)-(disable|ignore)/, /\b(TODO|FIXME|XXX)\b/]
      .filter(pattern => pattern.test(file.text) && file.path !== 'engine/test/architecture.test.ts')
      .map(pattern => `has ${pattern.source}`),
  )
  expect(found).toEqual([])
})
