/** In which order the values of a record are computed, whatever order its fields are declared in. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { combineLayers } from '../../metadata/layers.ts'
import { loadPack } from '../../seeds/load.ts'
import { compileModel } from './compile.ts'
import type { CompiledEntity } from './types.ts'

const packs = await Promise.all(['core', 'sales'].map(key => loadPack(join(import.meta.dirname, '../../seeds', key))))

/** The entities of the sales pack, their fields declared the other way round. */
function backwards(): CompiledEntity[] {
  const { documents } = combineLayers(packs.map(({ pack, documents: each }) => ({ name: pack.key, documents: each })))
  const turned = documents.map(({ document }) =>
    document.kind === 'entity' ? { ...document, fields: document.fields.toReversed() } : document,
  )
  const made = compileModel(
    turned,
    packs.flatMap(({ lock }) => (lock === null ? [] : [lock])),
  )
  if (!made.ok) throw new Error(JSON.stringify(made.problems))
  return [...made.model.entities.values()]
}

test('a converted amount comes after its currency, also where that is copied from another record', () => {
  const line = backwards().find(entity => entity.key === 'deal_line')
  const order = line?.computeOrder ?? []
  for (const base of ['total_base', 'unit_price_base'].filter(key => order.includes(key)))
    expect(order.indexOf('currency')).toBeLessThan(order.indexOf(base))
  expect(order).toContain('total_base')
})
