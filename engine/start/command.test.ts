import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defineCommand, JSON_OPTION } from './command.ts'
import { COMMANDS, loadCommands } from './commands.ts'
import { progressBar } from './progress-bar.ts'

const seen: unknown[] = []
const paint = defineCommand({
  name: 'paint',
  about: 'Paint a wall.',
  usage: '--colour <name> [<wall>]',
  words: 1,
  options: {
    colour: { type: 'string', value: '<name>', about: 'Which one.', default: 'white' },
    coats: { type: 'string', value: '<n>', about: 'How many.' },
    json: JSON_OPTION,
  },
  exits: { 0: 'the wall is painted', 1: 'the paint ran out' },
  async run(typed) {
    seen.push(typed)
    return 0
  },
})
const run = (...args: string[]) => paint.run(args, () => undefined)

describe('a command', () => {
  test('reads its options and words, with what is usual where nothing was said', async () => {
    expect(await run('--coats', '2', 'north')).toBe(0)
    expect(seen.at(-1)).toEqual({ values: { colour: 'white', coats: '2', json: false }, positionals: ['north'] })
  })

  test.each([
    [['--color', 'red'], 'nexus paint has no option --color. Is --colour meant?'],
    [['--zebra'], 'nexus paint has no option --zebra.'],
    [['north', 'south'], 'nexus paint does not know what to do with “south”. nexus paint --help tells what it takes.'],
    [['--coats'], `Option '--coats <value>' argument missing`],
    [['--json=yes'], `Option '--json' does not take an argument`],
  ])('refuses %j before it does anything', async (args, words) => {
    const before = seen.length
    await expect(async () => run(...args)).rejects.toThrow(words)
    expect(seen.length).toBe(before)
  })

  test('tells every option and every exit code', () => {
    expect(paint.help).toBe(`nexus paint --colour <name> [<wall>]

Paint a wall.

  --colour <name>  Which one. Default: white.
  --coats <n>      How many.
  --json           Answers as JSON.

Exit code 0 when the wall is painted, 1 when the paint ran out, 2 when it could not begin.`)
  })
})

describe('the commands', () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }

  const { stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'bootstrap.mjs'), '-'], { encoding: 'utf8' })
  const there = stderr
    .trim()
    .replace(/^.*there are (.*)\.$/, '$1')
    .split(', ')

  test('are called in the list as they call themselves', async () => {
    // This loads the whole program.
    expect((await loadCommands()).map(each => each.name)).toEqual([...COMMANDS.keys()])
  }, 60_000)

  test.each([...COMMANDS.keys()])('%s works by npm run as well', name => {
    expect(scripts[name]).toBe(`node engine/start/bootstrap.mjs ${name}`)
    expect(there).toContain(name)
  })
})

describe('a bar', () => {
  const draw = (isTTY: boolean): string => {
    let text = ''
    const bar = progressBar('deals.csv', undefined, { isTTY, write: (chunk: string | Uint8Array) => ((text += String(chunk)), true) })
    for (const done of [0, 5, 10]) bar.show(done, 10)
    bar.show(3, null)
    bar.end()
    return text
  }

  test('is drawn over itself on a terminal', () => {
    expect(draw(true)).toMatch(/^\rdeals\.csv \[\.{30}\] {3}0 % 0\/10 rows.*\rdeals\.csv \[#{30}\] 100 % 10\/10 rows, 0\.\d s  \n$/)
  })

  test('tells how far it has come where nobody knows how far it is', () => {
    let text = ''
    const bar = progressBar('Reading', undefined, { isTTY: true, write: (chunk: string | Uint8Array) => ((text += String(chunk)), true) })
    bar.show(3, null)
    bar.end()
    expect(text).toMatch(/^\rReading 3 rows, 0\.\d s  \n$/)
  })

  test('is not drawn where nobody looks', () => {
    expect(draw(false)).toBe('')
  })
})
