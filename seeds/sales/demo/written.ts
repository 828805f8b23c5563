/**
 * When and by whom records were written that tell nothing of it themselves: catalogue, prices, stock, contacts, lines, rates. A list sorted by
 * its last change would show them all at the minute of the installation. Draws from streams of its own: no other value moves.
 */
import { addDays, DEMO_DAYS, momentOf, workday } from './days.ts'
import { randomOf } from './random.ts'
import { isRef, type SeedBatch, type SeedRecord, writtenBy } from './records.ts'

/** Minutes of a day, in UTC, at which people of the three branches are at work. */
const WORKING = { from: 6 * 60 + 30, to: 16 * 60 + 30 } as const

/** A minute of a working day, always the same for the same record. */
export function workingMinute(ref: string, from: number = WORKING.from, to: number = WORKING.to): number {
  return randomOf(0, `minute of ${ref}`).between(from, to)
}

interface Habit {
  readonly by: string
  /** How many days before the anchor a record was made: from the longest to the shortest. */
  readonly made: readonly [number, number]
  /** The same of its last change, and how many records have seen one. */
  readonly changed: readonly [number, number]
  readonly share: number
}

const EARLY = DEMO_DAYS - 1
const HABITS: Readonly<Record<string, Habit>> = {
  product_category: { by: 'admin', made: [EARLY, EARLY - 2], changed: [400, 60], share: 0.1 },
  unit: { by: 'admin', made: [EARLY, EARLY - 1], changed: [400, 60], share: 0.1 },
  warehouse: { by: 'admin', made: [EARLY, EARLY - 2], changed: [300, 20], share: 0.5 },
  pipeline: { by: 'admin', made: [EARLY, EARLY - 2], changed: [200, 40], share: 0.4 },
  agent: { by: 'manager', made: [EARLY, 200], changed: [180, 10], share: 0.4 },
  price_list: { by: 'clerk', made: [EARLY, EARLY - 5], changed: [90, 3], share: 0.8 },
  product: { by: 'clerk', made: [EARLY, EARLY - 20], changed: [300, 1], share: 0.7 },
  price_list_item: { by: 'clerk', made: [EARLY - 20, EARLY - 40], changed: [120, 2], share: 0.6 },
  stock_balance: { by: 'clerk', made: [EARLY - 40, EARLY - 60], changed: [30, 1], share: 0.95 },
  contact: { by: 'manager', made: [EARLY, EARLY - 4], changed: [500, 1], share: 0.6 },
}

/** The same batches, every record with its times. Lines are written with their deal, rates on the day from which they count. */
export function withTimes(batches: readonly SeedBatch[], anchor: string): SeedBatch[] {
  const written = new Map(batches.flatMap(batch => batch.records).map(record => [record.ref, record.values]))
  const timesOf = (entity: string, record: SeedRecord): Record<string, unknown> => {
    const { ref, values } = record
    if (values['created_at'] !== undefined) return {}
    const deal = isRef(values['deal']) ? written.get(values['deal'].ref) : undefined
    if (entity === 'deal_line' && deal !== undefined) {
      const { created_at, created_by, updated_at, updated_by } = deal
      return { created_at, created_by, updated_at, updated_by }
    }
    if (entity === 'exchange_rate')
      return writtenBy('user/admin', momentOf(String(values['valid_from']), workingMinute(ref, 5 * 60, 7 * 60)))
    const habit = HABITS[entity]
    return habit === undefined ? {} : timesBy(habit, ref, anchor)
  }
  return batches.map(({ entity, records }) => ({
    entity,
    records: records.map(record => ({ ...record, values: { ...record.values, ...timesOf(entity, record) } })),
  }))
}

function timesBy({ by, made, changed, share }: Habit, ref: string, anchor: string): Record<string, unknown> {
  const day = workday(addDays(anchor, -randomOf(0, `day of ${ref}`).between(made[1], made[0])))
  const created = momentOf(day, workingMinute(ref))
  return writtenBy(`user/${by}`, created, laterChange(ref, created, anchor, changed, share))
}

/** When a record was changed last: on a working day so long before the anchor, or never since it was made. */
export function laterChange(
  ref: string,
  created: string,
  anchor: string,
  [longest, shortest]: readonly [number, number],
  share: number,
): string {
  const random = randomOf(0, `change of ${ref}`)
  if (!random.chance(share)) return created
  const changed = momentOf(workday(addDays(anchor, -random.between(shortest, longest))), workingMinute(`${ref} again`))
  return changed > created ? changed : created
}
