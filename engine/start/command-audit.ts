/** `nexus audit`: verifies the chains of the audit. */
import { defineCommand, JSON_OPTION } from './command.ts'
import { verifyAudits } from './verify-audit.ts'

export const command = defineCommand({
  name: 'audit',
  about: 'Verify the chains of the audit.',
  usage: '[--tenant <key>] [--head <number>:<head>]',
  options: {
    tenant: { type: 'string', value: '<key>', about: 'One tenant; all of them unless said otherwise.' },
    head: {
      type: 'string',
      value: '<number>:<head>',
      about: 'A head told by the security log, which the chain of that tenant has to contain.',
    },
    json: JSON_OPTION,
  },
  exits: { 0: 'every chain is whole', 1: 'one is not' },
  async run({ values: { json, ...question } }, tell) {
    const { whole, tenants } = await verifyAudits(
      process.env,
      question,
      tell,
      json ? () => undefined : line => void process.stdout.write(`${line}\n`),
    )
    if (json) process.stdout.write(`${JSON.stringify({ whole, tenants }, null, 2)}\n`)
    return whole ? 0 : 1
  },
})
