/** Reads the tables of docs/architecture.md: which room stands on which floor, and where each library lives. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './source-files.ts'

export interface Room {
  readonly path: string
  /** 0 to 10; undefined for the user interfaces, which know rooms by name. */
  readonly floor: number | undefined
  readonly mayKnow: 'nothing' | 'floors below' | readonly string[]
  readonly neighbours: 'nothing' | 'types to the left' | 'everything'
  /** Place on its floor, from the left. */
  readonly place: number
}

/** A row of the libraries' table; a name may end in `/*`. */
export interface Home {
  readonly library: string
  readonly homes: readonly string[]
}

/** Every room of the floors' table. */
export function readRooms(): Room[] {
  return readTable('## Floors').flatMap(([floor = '', rooms = '', mayKnow = '', own = '']) =>
    names(rooms).map((path, place) => ({
      path,
      place,
      floor: /^\d+/.test(floor) ? Number.parseInt(floor, 10) : undefined,
      mayKnow: mayKnow === 'nothing' || mayKnow === 'floors below' ? mayKnow : names(mayKnow),
      neighbours: own === 'everything' ? 'everything' : own.includes('to the left') ? 'types to the left' : 'nothing',
    })),
  )
}

/** Every library that has a home. */
export function readHomes(): Home[] {
  return readTable('## Homes of libraries').flatMap(([libraries = '', homes = '']) =>
    names(libraries).map(library => ({ library, homes: names(homes) })),
  )
}

function readTable(heading: string): string[][] {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
  const section = page.slice(page.indexOf(`${heading}\n`)).split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter(line => line.startsWith('|'))
  if (rows.length < 3) throw new Error(`docs/architecture.md has no table under "${heading}".`)
  return rows.slice(2).map(row =>
    row
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  )
}

function names(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '')
}
