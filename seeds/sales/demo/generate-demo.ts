/**
 * Makes the demo tenants' data: pure, and the same for the same day and seed on every machine.
 * Knows no engine and no clock; whoever loads it decides which day it stands at.
 */
import { demoCalls, demoLeads, demoNotes, demoTasks } from './activity.ts'
import { demoCategories, demoPriceLists, demoPrices, demoProducts, demoStock } from './catalogue.ts'
import { customerBatches, drawContacts, drawCustomers } from './customers.ts'
import { addDays, DEMO_DAYS } from './days.ts'
import { drawDeals } from './deals.ts'
import { DEMO_TENANT, demoAgents, demoPipelines, demoRates, demoUnits, demoUsers } from './organisation.ts'
import { randomOf } from './random.ts'
import type { DemoData, SeedBatch } from './records.ts'
import { withTimes } from './written.ts'

export interface DemoOptions {
  /** The day the data stands at, `YYYY-MM-DD`: the last deals came the day before. */
  readonly anchor: string
  readonly seed?: number
}

const COUNTS = { deals: 2000, leads: 500, tasks: 500, calls: 600, notes: 350 } as const

/** The tenant `demo`: eighteen months of a trading company in three branches. */
export function generateDemo({ anchor, seed = 1 }: DemoOptions): DemoData {
  const from = (name: string): ReturnType<typeof randomOf> => randomOf(seed, name)
  const customers = drawCustomers(from('customers'), anchor)
  // The second customer is the one that has the supplier's portal: it supplies first.
  const suppliers = customers.filter(each => each.supplies).map(each => each.ref)
  const products = demoProducts(from('products'), anchor, suppliers)
  const contacts = drawContacts(from('contacts'), anchor, customers)
  const deals = drawDeals(from('deals'), anchor, COUNTS.deals, customers, contacts, products)
  const batch = (entity: string, records: SeedBatch['records']): SeedBatch => ({ entity, records })
  return {
    tenant: DEMO_TENANT,
    units: demoUnits(),
    users: demoUsers(anchor),
    batches: withTimes(
      [
        batch('exchange_rate', demoRates(from('rates'), addDays(anchor, -DEMO_DAYS), anchor)),
        ...demoCategories(),
        batch('price_list', demoPriceLists(anchor)),
        ...customerBatches(from('subsidiaries'), customers),
        batch(
          'product',
          products.map(each => each.record),
        ),
        batch('price_list_item', demoPrices(products)),
        ...demoStock(from('stock'), anchor, products),
        batch('agent', demoAgents(from('agents'), anchor)),
        batch('pipeline', demoPipelines()),
        batch(
          'contact',
          contacts.map(each => each.record),
        ),
        batch(
          'deal',
          deals.map(each => each.record),
        ),
        batch(
          'deal_line',
          deals.flatMap(each => each.lines),
        ),
        batch('lead', demoLeads(from('leads'), anchor, COUNTS.leads, deals, products)),
        batch('task', demoTasks(from('tasks'), anchor, COUNTS.tasks, deals)),
        batch('call', demoCalls(from('calls'), anchor, COUNTS.calls, deals)),
        batch('note', demoNotes(from('notes'), COUNTS.notes, deals)),
      ],
      anchor,
    ),
  }
}
