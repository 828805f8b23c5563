/** `nexus mend`: goes over all records of a tenant and makes anew what is kept of them besides what people entered, where it is wrong. */
import type { CompiledEntity } from '../model/types.ts'
import { checkRecords, type Finding, mendRecords, nextIds, type RecordContext } from '../records/index.ts'
import { CommandFailed, defineCommand, JSON_OPTION, meant } from './command.ts'
import { recordContextOf, requestOf, requireOption, withEngine } from './command-engine.ts'
import { progressBar } from './progress-bar.ts'

/** Records looked at in one go, and mended in one transaction. */
const AT_ONCE = 200
/** Findings that are told one by one; the rest is counted. */
const SHOWN = 20

export const command = defineCommand({
  name: 'mend',
  about: 'Make anew what is kept of records besides what people entered, where it is wrong.',
  usage: '--tenant <key> --as <e-mail> [--entity <key>] [--dry-run]',
  options: {
    tenant: { type: 'string', value: '<key>', about: 'Whose records.' },
    as: { type: 'string', value: '<e-mail>', about: 'The user in whose name the audit tells of it.' },
    entity: { type: 'string', value: '<key>', about: 'The records of this entity alone; all of them unless said otherwise.' },
    'dry-run': { type: 'boolean', about: 'Tells what is wrong, and mends nothing.' },
    json: JSON_OPTION,
  },
  notes: `Looks at every record, where the doctor looks at a sample: slots, rollups, formulas, converted amounts, unique and single values, ancestors,
search texts. What people entered is taken for true; no version and no history moves. A reference to nothing, a version that the history
lacks and a unique value that two records have are told and left: they are not to be made out of the record. People may go on working.
Example: nexus mend --tenant demo --as admin@demo.test --entity deal`,
  exits: { 0: 'nothing is wrong any more', 1: 'something is' },
  async run({ values }, tell) {
    const [tenant, email] = [requireOption(values.tenant, 'tenant'), requireOption(values.as, 'as')]
    return withEngine(tell, async wired => {
      const ctx = await recordContextOf(wired, await requestOf(wired, tenant, email, 'cli mend'))
      const results: Result[] = []
      for (const entity of chosen(ctx, values.entity)) {
        const result = await goOver(ctx, entity, values['dry-run'])
        results.push(result)
        tell(wordsOf(result))
      }
      const left = results.flatMap(each => each.left)
      for (const finding of left.slice(0, SHOWN)) tell(`  ${describe(finding)}`)
      if (left.length > SHOWN) tell(`  … and ${left.length - SHOWN} more`)
      if (values.json) process.stdout.write(`${JSON.stringify({ well: left.length === 0, entities: results }, null, 2)}\n`)
      return left.length === 0 ? 0 : 1
    })
  },
})

/** What came of the records of an entity. */
interface Result {
  readonly entity: string
  readonly records: number
  readonly mended: number
  readonly left: readonly Finding[]
}

function chosen({ model }: RecordContext, key: string | undefined): CompiledEntity[] {
  if (key === undefined) return [...model.entities.values()]
  const entity = model.entities.get(key)
  if (entity === undefined) throw new CommandFailed(`There is no entity “${key}”.${meant(key, model.entities.keys())}`)
  return [entity]
}

async function goOver(ctx: RecordContext, entity: CompiledEntity, isTrial: boolean): Promise<Result> {
  const bar = progressBar(entity.key)
  const { tenant } = ctx.caller
  let [records, mended] = [0, 0]
  const left: Finding[] = []
  await bar.during(async () => {
    for (let after: string | null = null; ; ) {
      const from = after
      const ids: string[] = await ctx.db.readAs(tenant.id, connection => nextIds(connection, entity.no, from, AT_ONCE))
      const outcome = isTrial ? { mended: [], left: await checkRecords(ctx, entity, ids) } : await mendRecords(ctx, entity, ids)
      records += ids.length
      mended += outcome.mended.length
      left.push(...outcome.left)
      bar.show(records, null)
      if (ids.length < AT_ONCE) return
      after = ids.at(-1) ?? null
    }
  })
  return { entity: entity.key, records, mended, left }
}

function wordsOf({ entity, records, mended, left }: Result): string {
  const found = mended + left.length === 0 ? 'nothing is wrong' : `${mended} mended, ${left.length} left`
  return `${entity}: ${records} records, ${found}`
}

function describe({ entity, id, kind, place, stored, expected }: Finding): string {
  return `${entity} ${id}: ${kind} ${place} is ${JSON.stringify(stored)}${NOT_TOLD.has(kind) ? '' : `, should be ${JSON.stringify(expected)}`}`
}

/** Of a reference to nothing nobody knows what it should be. */
const NOT_TOLD: ReadonlySet<Finding['kind']> = new Set(['reference'])
