/** `nexus bench`: the benchmark of the checkout in a process of its own; it stands above everything it measures. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defineCommand } from './command.ts'
import { StartRefused } from './main.ts'

const script = join(resolve(import.meta.dirname, '../..'), 'engine/bench/bench.ts')

export const command = defineCommand({
  name: 'bench',
  about: 'Measure the engine beside a hand-written application over the same records.',
  usage: '[--short] [--cases <keys>] [--against <rev>]',
  options: {
    short: {
      type: 'boolean',
      about: 'Four request kinds at 8 connections over 50,000 deals: under 3 minutes once its database is filled.',
    },
    deals: { type: 'string', value: '<n>', about: 'Deals of the large tenant; 300,000 unless said otherwise.' },
    small: { type: 'string', value: '<n>', about: 'Small tenants beside the 50 that are asked; 400 unless said otherwise.' },
    cases: { type: 'string', value: '<keys>', about: 'With commas, of L1, L2, L3, L4, G1, A1, C1, U1, C2.' },
    roles: { type: 'string', value: '<keys>', about: 'admin, rep or both.' },
    connections: { type: 'string', value: '<n>', about: 'With commas; 1,8,32 unless said otherwise.' },
    seconds: { type: 'string', value: '<n>', about: 'How long a run of one side takes.' },
    pairs: { type: 'string', value: '<n>', about: 'Runs of each side, in turns.' },
    'requests-only': { type: 'boolean', about: 'Leaves out start, new field, sizes and limits.' },
    against: { type: 'string', value: '<rev>', about: 'Measures the engine of another commit in the same turns.' },
    json: { type: 'string', value: '<file>', about: 'Writes the figures.' },
    compare: { type: 'string', value: '<file>', about: 'Prints the figures of an earlier run beside these.' },
    growth: {
      type: 'string',
      value: '<sizes>',
      about: 'Growth curves instead, over sizes such as 30000/400,300000/400 (deals/small tenants).',
    },
  },
  notes: 'Its databases are kept under NEXUS_DATA_DIR/bench. docs/performance.md explains the figures.',
  exits: { 0: 'it was measured', 1: 'something went wrong on the way', 2: 'an option can not be understood' },
  async run({ values }) {
    if (!existsSync(script)) throw new StartRefused('The benchmark belongs to a checkout and is not here.')
    const args = Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === false ? [] : value === true ? [`--${name}`] : [`--${name}`, value],
    )
    const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' })
    const [code] = (await once(child, 'exit')) as [number | null]
    return code ?? 1
  },
})
