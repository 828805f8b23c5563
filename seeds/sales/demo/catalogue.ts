/**
 * The demo catalogue: categories, units, products, price lists, prices, warehouses and stock.
 * Knows customers only as names of suppliers.
 */
import { CATEGORIES, FAMILIES, type Family, UNITS } from './assortment.ts'
import { addDays } from './days.ts'
import { at, type Random } from './random.ts'
import { known, refTo, type SeedBatch, type SeedRecord } from './records.ts'

/** A product with what deals need to know of it. */
export interface CatalogueItem {
  readonly record: SeedRecord
  readonly ref: string
  readonly name: string
  readonly category: string
  readonly kind: 'good' | 'service' | 'input'
  readonly renewable: boolean
  readonly active: boolean
  /** List price in cents. */
  readonly price: number
}

/** A price list: name, currency, how its prices follow from the list price, and what it holds. */
export interface PriceListPlan {
  readonly ref: string
  readonly name: string
  readonly currency: 'EUR' | 'USD' | 'UAH'
  readonly group: 'standard' | 'wholesale' | 'dealer'
  readonly factor: number
  readonly minQuantity: number
  readonly kinds: readonly CatalogueItem['kind'][]
  readonly active: boolean
}

export const PRICE_LISTS: readonly PriceListPlan[] = [
  {
    ref: 'standard_eur',
    name: 'Standard EUR',
    currency: 'EUR',
    group: 'standard',
    factor: 1,
    minQuantity: 1,
    kinds: ['good', 'service'],
    active: true,
  },
  {
    ref: 'wholesale_eur',
    name: 'Wholesale EUR',
    currency: 'EUR',
    group: 'wholesale',
    factor: 0.88,
    minQuantity: 10,
    kinds: ['good'],
    active: true,
  },
  {
    ref: 'standard_usd',
    name: 'Standard USD',
    currency: 'USD',
    group: 'standard',
    factor: 1.12,
    minQuantity: 1,
    kinds: ['good', 'service'],
    active: true,
  },
  {
    ref: 'standard_uah',
    name: 'Стандартний UAH',
    currency: 'UAH',
    group: 'standard',
    factor: 46.5,
    minQuantity: 1,
    kinds: ['good', 'service'],
    active: true,
  },
  {
    ref: 'last_year_eur',
    name: 'Standard EUR, last year',
    currency: 'EUR',
    group: 'standard',
    factor: 0.96,
    minQuantity: 1,
    kinds: ['good'],
    active: false,
  },
]

/** Categories in two batches, parents first, and units of measure. */
export function demoCategories(): SeedBatch[] {
  const record = ([code, name, parent]: (typeof CATEGORIES)[number]): SeedRecord => ({
    ref: `product_category/${code}`,
    values: known({ code, name, parent: parent === null ? null : refTo(`product_category/${parent}`) }),
  })
  return [
    {
      entity: 'unit',
      records: UNITS.map(([symbol, name, dimension, decimals]) => ({
        ref: `unit/${symbol}`,
        values: { symbol, name, dimension, decimals },
      })),
    },
    { entity: 'product_category', records: CATEGORIES.filter(([, , parent]) => parent === null).map(record) },
    { entity: 'product_category', records: CATEGORIES.filter(([, , parent]) => parent !== null).map(record) },
  ]
}

/** Two hundred products; `suppliers` are refs of customers who supply, the first of them the one with a portal. */
export function demoProducts(random: Random, anchor: string, suppliers: readonly string[]): CatalogueItem[] {
  return FAMILIES.flatMap((family, place) => {
    const supplier = at(suppliers, place % 6 === 0 ? 0 : place % suppliers.length)
    return family.variants.map((variant, index) => item(random, anchor, family, variant, index, supplier))
  })
}

function item(random: Random, anchor: string, family: Family, variant: string, index: number, supplier: string): CatalogueItem {
  const { kind } = family
  const price = niceCents(family.price * family.step ** index)
  const active = kind === 'input' || !random.chance(0.04)
  const ref = `product/${family.code}-${index}`
  const good = kind !== 'service'
  const name = `${family.name} ${variant}`
  const values = known({
    sku: `${family.code}-${String((index + 1) * 10).padStart(3, '0')}`,
    name,
    kind,
    category: refTo(`product_category/${family.category}`),
    series: family.series,
    unit: refTo(`unit/${family.unit}`),
    price: kind === 'input' ? null : money(price),
    cost: money(Math.round(price * (family.cost + (random.next() - 0.5) * 0.06))),
    tax_rate: '19',
    barcode: good ? barcode(random) : null,
    supplier: good ? refTo(supplier) : null,
    weight_kg: family.weight === undefined ? null : (family.weight * (1 + index * 0.22)).toFixed(2),
    stocked: good ? true : false,
    active,
    discontinued_on: active ? null : addDays(anchor, -random.between(20, 200)),
    tags: family.tags,
    description: good
      ? `${family.name}, ${variant}. Series ${family.series ?? 'basic'}; delivered from the central warehouse in Leipzig.`
      : null,
  })
  return {
    record: { ref, values },
    ref,
    name,
    category: family.category,
    kind,
    renewable: family.tags?.includes('renewable') === true,
    active,
    price,
  }
}

function niceCents(euro: number): number {
  if (euro < 20) return Math.round(euro * 10) * 10
  if (euro < 200) return Math.round(euro) * 100 - 10
  return Math.round(euro / 5) * 500 - 100
}

function barcode(random: Random): string {
  const digits = `40${Array.from({ length: 10 }, () => random.between(0, 9)).join('')}`
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

/** Cents as the wire writes money. */
export function money(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

/** The price of a product in a list, in cents of its currency. */
export function listPrice(list: PriceListPlan, product: CatalogueItem): number {
  const cents = product.price * list.factor
  return list.currency === 'UAH' ? Math.round(cents / 1000) * 1000 : Math.round(cents / 10) * 10
}

/** Whether a list has a price of the product. */
export function isListed(list: PriceListPlan, product: CatalogueItem): boolean {
  return list.kinds.includes(product.kind) && (list.active || product.category.startsWith('WH'))
}

/** The name under which the price of a product in a list is created. */
export function priceRef(list: PriceListPlan, product: CatalogueItem): string {
  return `price/${list.ref}/${product.ref}`
}

/** The price lists themselves. */
export function demoPriceLists(anchor: string): SeedRecord[] {
  const year = anchor.slice(0, 4)
  return PRICE_LISTS.map(({ ref, name, currency, group, active }) => ({
    ref: `price_list/${ref}`,
    values: known({
      name,
      currency,
      customer_group: group,
      valid_from: active ? `${year}-01-01` : `${Number(year) - 1}-01-01`,
      valid_until: active ? null : `${Number(year) - 1}-12-31`,
      active,
      is_default: active,
      owner_id: refTo('user/clerk'),
      org_unit_id: refTo('org_unit/company'),
    }),
  }))
}

/** All prices of all lists. */
export function demoPrices(products: readonly CatalogueItem[]): SeedRecord[] {
  return PRICE_LISTS.flatMap(list =>
    products
      .filter(product => isListed(list, product))
      .map(product => ({
        ref: priceRef(list, product),
        values: {
          price_list: refTo(`price_list/${list.ref}`),
          product: refTo(product.ref),
          min_quantity: String(list.minQuantity),
          price: money(listPrice(list, product)),
        },
      })),
  )
}

const WAREHOUSES = [
  ['leipzig', 'Central warehouse', 'LEJ-1', 'leipzig', 1],
  ['berlin', 'Showroom stock', 'BER-1', 'showroom', 0.22],
  ['madrid', 'Almacén Madrid', 'MAD-1', 'madrid', 0.34],
  ['kyiv', 'Склад Київ', 'KYV-1', 'kyiv', 0.34],
] as const

/** Four warehouses and what lies in them. */
export function demoStock(random: Random, anchor: string, products: readonly CatalogueItem[]): SeedBatch[] {
  const warehouses = WAREHOUSES.map(
    ([ref, name, code, unit]): SeedRecord => ({
      ref: `warehouse/${ref}`,
      values: {
        name,
        code,
        org_unit: refTo(`org_unit/${unit}`),
        org_unit_id: refTo(`org_unit/${unit}`),
        keeper: refTo('user/clerk'),
        active: true,
      },
    }),
  )
  const balances = WAREHOUSES.flatMap(([ref, , , , share]) =>
    products
      .filter(product => product.kind !== 'service' && (share === 1 || (product.kind === 'good' && random.chance(share))))
      .map((product): SeedRecord => {
        const reorder = product.price > 30000 ? 4 : product.price > 5000 ? 15 : 80
        const quantity = random.chance(0.12) ? random.between(0, reorder) : Math.round(random.around(reorder * (share === 1 ? 6 : 2), 0.6))
        return {
          ref: `stock/${ref}/${product.ref}`,
          values: {
            product: refTo(product.ref),
            warehouse: refTo(`warehouse/${ref}`),
            quantity: String(quantity),
            reserved: String(Math.min(quantity, random.chance(0.4) ? random.between(0, Math.ceil(reorder / 2)) : 0)),
            reorder_level: String(reorder),
            bin: `${random.pick(['A', 'B', 'C', 'D'])}-${String(random.between(1, 24)).padStart(2, '0')}-${random.between(1, 5)}`,
            counted_on: addDays(anchor, -random.between(1, 120)),
          },
        }
      }),
  )
  return [
    { entity: 'warehouse', records: warehouses },
    { entity: 'stock_balance', records: balances },
  ]
}
