/**
 * The second demo tenant, small on purpose: another trade, another currency, two people.
 * It is there so that the wall between tenants can be tried at once.
 */
import { addDays, momentOf, workday } from './days.ts'
import type { DemoOptions } from './generate-demo.ts'
import { asciiOf, drawCompanies, drawPerson } from './names.ts'
import { OTHER_TENANT, otherUsers } from './organisation-other.ts'
import { at, randomOf } from './random.ts'
import { known, refTo, type DemoData, type SeedRecord, writtenBy } from './records.ts'
import { workingMinute } from './written.ts'

const COFFEES: readonly (readonly [sku: string, name: string, price: string, cost: string, kind: 'good' | 'service'])[] = [
  ['HSE-1', 'House espresso, 1 kg', '18.50', '9.20', 'good'],
  ['ETH-1', 'Ethiopia Guji, 1 kg', '24.00', '13.10', 'good'],
  ['COL-1', 'Colombia Huila, 1 kg', '21.00', '11.40', 'good'],
  ['DEC-1', 'Decaf Brazil, 1 kg', '22.00', '12.30', 'good'],
  ['FLT-5', 'Filter blend, 5 kg', '84.00', '46.00', 'good'],
  ['CLB-5', 'Cold brew blend, 5 kg', '79.00', '41.50', 'good'],
  ['GRD-1', 'Grinder, bench', '640.00', '455.00', 'good'],
  ['MCH-2', 'Espresso machine, two groups', '5900.00', '4310.00', 'good'],
  ['SRV-1', 'Machine service, yearly', '390.00', '180.00', 'service'],
  ['TRN-1', 'Barista training, one day', '320.00', '120.00', 'service'],
]
const CUSTOMERS = 12
const DEALS = 25

/** The tenant `other`: a coffee roaster in Bristol. */
export function generateOther({ anchor, seed = 1 }: DemoOptions): DemoData {
  const random = randomOf(seed, 'other')
  const rep = { owner_id: refTo('user/rep'), org_unit_id: refTo('org_unit/company') }
  const companies = drawCompanies(random, 'GB', CUSTOMERS)
  const customers = companies.map(
    (company, index): SeedRecord => ({
      ref: `customer/${index}`,
      values: {
        name: company.name,
        legal_name: company.legalName,
        party: ['client'],
        status: index % 4 === 3 ? 'prospect' : 'active',
        industry: company.industry,
        email: `orders@${asciiOf(company.name)}.example`,
        currency: 'GBP',
        office_location: 'United Kingdom',
        ...rep,
      },
    }),
  )
  const contacts = companies.map((company, index): SeedRecord => {
    const person = drawPerson(random, 'GB')
    return {
      ref: `contact/${index}`,
      values: {
        name: person.name,
        full_name: person.parts,
        email: `${asciiOf(person.name).replace('-', '.')}@${asciiOf(company.name)}.example`,
        customers: [{ id: refTo(`customer/${index}`), role: 'purchasing', is_primary: true }],
        ...rep,
      },
    }
  })
  const deals = Array.from({ length: DEALS }, (_, index): SeedRecord => {
    const customer = index % CUSTOMERS
    const created = workday(addDays(anchor, -10 - index * 9))
    const stage =
      index < 8 ? at(['lead', 'qualified', 'proposal', 'negotiation'], index % 4) : customer % 4 === 3 || index % 3 === 0 ? 'lost' : 'won'
    const closed = stage === 'won' || stage === 'lost'
    return {
      ref: `deal/${index}`,
      values: known({
        name: `${random.pick(['Weekly beans', 'Espresso corner', 'Office coffee', 'Machine and training'])}, ${at(companies, customer).name}${index < CUSTOMERS ? '' : ' (2)'}`,
        sales_process: 'new_business',
        pipeline: refTo('pipeline/trade'),
        stage,
        customer: refTo(`customer/${customer}`),
        contact: refTo(`contact/${customer}`),
        amount: `${random.between(4, 120) * 50}.00`,
        currency: 'GBP',
        expected_close_on: addDays(created, 40),
        engaged_on: addDays(created, 2),
        closed_on: closed ? workday(addDays(created, 30)) : null,
        lost_reason: stage === 'lost' ? random.pick(['price', 'no_decision']) : null,
        source: 'referral',
        ...rep,
        ...writtenBy(
          'user/rep',
          momentOf(created, 600),
          momentOf(closed ? workday(addDays(created, 30)) : created, workingMinute(`deal/${index}`, 10 * 60 + 1)),
        ),
      }),
    }
  })
  return {
    tenant: OTHER_TENANT,
    units: [
      {
        entity: 'org_unit',
        records: [
          {
            ref: 'org_unit/company',
            values: {
              name: OTHER_TENANT.name,
              kind: 'company',
              code: 'KCR',
              address: { line1: '8 Dock Road', postal_code: 'BS1 4DJ', city: 'Bristol', country: 'GB' },
            },
          },
        ],
      },
    ],
    users: otherUsers(),
    batches: [
      { entity: 'unit', records: [{ ref: 'unit/pcs', values: { name: 'Piece', symbol: 'pcs', dimension: 'count', decimals: 0 } }] },
      { entity: 'product_category', records: [{ ref: 'product_category/all', values: { name: 'Coffee', code: 'COFFEE' } }] },
      {
        entity: 'price_list',
        records: [
          {
            ref: 'price_list/trade',
            values: {
              name: 'Trade',
              currency: 'GBP',
              customer_group: 'standard',
              valid_from: `${anchor.slice(0, 4)}-01-01`,
              is_default: true,
              owner_id: refTo('user/admin'),
              org_unit_id: refTo('org_unit/company'),
            },
          },
        ],
      },
      { entity: 'customer', records: customers },
      {
        entity: 'product',
        records: COFFEES.map(([sku, name, price, cost, kind]) => ({
          ref: `product/${sku}`,
          values: {
            sku,
            name,
            kind,
            price,
            cost,
            category: refTo('product_category/all'),
            unit: refTo('unit/pcs'),
            stocked: kind === 'good',
          },
        })),
      },
      {
        entity: 'price_list_item',
        records: COFFEES.map(([sku, , price]) => ({
          ref: `price/${sku}`,
          values: { price_list: refTo('price_list/trade'), product: refTo(`product/${sku}`), price },
        })),
      },
      {
        entity: 'pipeline',
        records: [
          {
            ref: 'pipeline/trade',
            values: {
              name: 'Trade customers',
              code: 'trade',
              sales_process: 'new_business',
              owner_id: refTo('user/admin'),
              org_unit_id: refTo('org_unit/company'),
            },
          },
        ],
      },
      { entity: 'contact', records: contacts },
      { entity: 'deal', records: deals },
    ],
  }
}
