/** `nexus doctor`: finds what a support person would ask for, and says how to mend it. */
import { defineCommand, JSON_OPTION } from './command.ts'
import { examine } from './doctor/examine.ts'
import type { Verdict } from './doctor/verdict.ts'
import { StartRefused } from './main.ts'

const SIGNS: Readonly<Record<Verdict['level'], string>> = { ok: 'ok', warning: 'warning', wrong: 'WRONG', skipped: 'skipped' }

export const command = defineCommand({
  name: 'doctor',
  about: 'Look at settings, database, background work and tenants; name what is wrong and how to mend it.',
  usage: '[--tenant <key>] [--sample <n>] [--seconds <n>] [--json]',
  options: {
    tenant: { type: 'string', value: '<key>', about: 'Looks into this tenant alone; into all of them unless said otherwise.' },
    sample: { type: 'string', value: '<n>', about: 'Records of each entity to be computed anew and compared.', default: '200' },
    seconds: { type: 'string', value: '<n>', about: 'How long to look into tenants.', default: '60' },
    json: JSON_OPTION,
  },
  notes: `Changes nothing. Looks at: settings, disk, process, mail, traces, versions, clock, server, upkeep, roles, schema, row security, events, redis, seals, jobs, days, audit, tenants, records.`,
  exits: { 0: 'nothing is wrong; there may be warnings', 1: 'something is' },
  async run({ values }, tell) {
    const [sample, seconds] = [whole(values.sample, 'sample'), whole(values.seconds, 'seconds')]
    const verdicts = await examine({ env: process.env, tenant: values.tenant, sample, seconds }, tell)
    const isWell = !verdicts.some(each => each.level === 'wrong')
    process.stdout.write(values.json ? `${JSON.stringify({ well: isWell, verdicts }, null, 2)}\n` : `${describe(verdicts).join('\n')}\n`)
    return isWell ? 0 : 1
  },
})

function whole(text: string, name: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new StartRefused(`--${name} is a number.`)
  return Number(text)
}

function describe(verdicts: readonly Verdict[]): string[] {
  const width = Math.max(...verdicts.map(each => each.check.length))
  const lines = verdicts.flatMap(({ check, level, found, mend }) => [
    `${SIGNS[level].padEnd(7)}  ${check.padEnd(width)}  ${found}`,
    ...(mend === undefined ? [] : [`${' '.repeat(width + 11)}→ ${mend}`]),
  ])
  const count = (level: Verdict['level']): number => verdicts.filter(each => each.level === level).length
  return [...lines, `${count('wrong')} wrong, ${count('warning')} warnings`]
}
