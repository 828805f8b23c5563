/** What compiling says of documents that do not hold together. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { combineLayers } from '../../metadata/layers.ts'
import { loadPack } from '../../seeds/load.ts'
import { compileModel } from './compile.ts'

const packs = await Promise.all(['core', 'sales'].map(key => loadPack(join(import.meta.dirname, '../../seeds', key))))

test('a formula that can not be compiled is told at its place in the document', () => {
  const { documents } = combineLayers(packs.map(({ pack, documents: each }) => ({ name: pack.key, documents: each })))
  let place = -1
  const broken = documents.map(({ document }) => {
    if (document.kind !== 'entity' || document.key !== 'deal') return document
    place = document.fields.findIndex(field => field.key === 'weighted_amount')
    return {
      ...document,
      fields: document.fields.map((field, at) => (at === place && field.type === 'formula' ? { ...field, expression: 'amount *' } : field)),
    }
  })
  const made = compileModel(
    broken,
    packs.flatMap(({ lock }) => (lock === null ? [] : [lock])),
  )
  expect(place).toBeGreaterThan(0)
  expect(made.ok ? [] : made.problems).toMatchObject([
    { document: { kind: 'entity', key: 'deal' }, pointer: `/fields/${place}/expression` },
  ])
})
