/** `nexus migrate`: brings the schema up to date and tells what was done. */
import { defineCommand, JSON_OPTION } from './command.ts'
import { openGround, requireConfig } from './main.ts'

export const command = defineCommand({
  name: 'migrate',
  about: 'Bring the schema of the database up to date.',
  usage: '[--json]',
  options: { json: JSON_OPTION },
  notes: 'Every start does the same; this is for doing it beforehand.',
  exits: { 0: 'the schema is up to date' },
  async run({ values }, tell) {
    const ground = await openGround(requireConfig(process.env, tell), tell)
    await ground.stop()
    if (values.json) process.stdout.write(`${JSON.stringify({ applied: ground.applied }, null, 2)}\n`)
    else if (ground.applied.length === 0) tell('The schema is up to date.')
    return 0
  },
})
