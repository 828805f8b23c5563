import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Entity, JsonValue, LayerDocument, Layout, MetadataDocument, Overlay } from './generated/types.ts'
import { combineLayers, type EffectiveDocument, overlayOf } from './layers.ts'
import { layersOf, mergePart, originAt, partOf, valueOf } from './part.ts'

const deal: Entity = {
  kind: 'entity',
  key: 'deal',
  label: { en: 'Deal', ru: 'Сделка' },
  fields: [
    { key: 'name', type: 'text', label: { en: 'Name' }, required: true, max_length: 200 },
    { key: 'amount', type: 'money', minimum: '0' },
    {
      key: 'stage',
      type: 'choice',
      options: [
        { value: 'lead', label: { en: 'Lead' } },
        { value: 'won', label: { en: 'Won' } },
      ],
    },
  ],
}
const form: Layout = {
  kind: 'layout',
  key: 'deal_form',
  entity: 'deal',
  sections: [
    { key: 'main', fields: ['name', 'amount'] },
    { key: 'more', fields: ['stage'] },
  ],
}

function combined(overlay: readonly LayerDocument[]) {
  return combineLayers([
    { name: 'sales', documents: [deal, form] },
    { name: 'overlay', documents: overlay },
  ])
}

function changed(kind: string, overlay: Overlay): EffectiveDocument {
  const { documents, problems } = combined([overlay])
  expect(problems).toEqual([])
  const found = documents.find(each => each.kind === kind)
  if (found === undefined) throw new Error(`no ${kind}`)
  return found
}

test('leaves the documents of a pack as they are when no overlay speaks of them', () => {
  expect(combined([]).documents.map(each => each.document)).toEqual([deal, form])
})

test('adds, relabels and tightens, and leaves the pack itself untouched', () => {
  const before = structuredClone(deal)
  const overlay: Overlay = {
    kind: 'entity',
    extends: 'sales/deal',
    label: { en: 'Opportunity' },
    fields: [
      { key: 'name', max_length: 100 },
      { key: 'stage', options: [{ value: 'lost', label: { en: 'Lost' } }] },
      { key: 'region', type: 'text' },
    ],
  }
  const document = changed('entity', overlay).document as Entity
  expect(document.label).toEqual({ en: 'Opportunity', ru: 'Сделка' })
  expect(document.fields.map(field => field.key)).toEqual(['name', 'amount', 'stage', 'region'])
  expect(document.fields[0]).toEqual({ key: 'name', type: 'text', label: { en: 'Name' }, required: true, max_length: 100 })
  expect(document.fields[2]).toMatchObject({ options: [{ value: 'lead' }, { value: 'won' }, { value: 'lost' }] })
  expect(deal).toEqual(before)
})

test('says of every part which layer wrote it, and where', () => {
  const effective = changed('entity', {
    kind: 'entity',
    extends: 'sales/deal',
    fields: [
      { key: 'amount', label: { en: 'Value' }, minimum: '1' },
      { key: 'region', type: 'text' },
    ],
  })
  expect(layersOf(effective.part)).toEqual({
    '': 'sales',
    '/fields/1/label': 'overlay',
    '/fields/1/minimum': 'overlay',
    '/fields/2': 'overlay',
  })
  expect((effective.document as Entity).fields.map(field => field.key)).toEqual(['name', 'amount', 'region', 'stage'])
  expect(originAt(effective.part, '/fields/2/typ')).toEqual({ layer: 'overlay', pointer: '/fields/1/typ' })
  expect(originAt(effective.part, '/fields/3/options/0/value')).toEqual({ layer: 'sales', pointer: '/fields/2/options/0/value' })
  expect(effective.changedBy).toEqual(['overlay'])
})

test('takes away a section of a form, and puts a new one before the first', () => {
  const overlay: Overlay = {
    kind: 'layout',
    extends: 'sales/deal_form',
    sections: [{ key: 'top', fields: ['stage'] }, { key: 'main' }, { key: 'more', removed: true }],
  }
  expect((changed('layout', overlay).document as Layout).sections?.map(section => section.key)).toEqual(['top', 'main'])
})

test('points a problem of a removal at the overlay that removes', () => {
  const { problems } = combined([{ kind: 'entity', extends: 'sales/deal', fields: [{ key: 'stage' }, { key: 'name', required: null }] }])
  expect(problems).toEqual([
    {
      pointer: '/fields/1/required',
      code: 'MODEL_OVERLAY_LOOSENS',
      message: '“required” of the field “name” may only be made stricter than the pack has it.',
      document: { kind: 'entity', key: 'deal', layer: 'overlay' },
    },
  ])
})

test('lets one pack extend another, and the overlay both', () => {
  const { documents, problems } = combineLayers([
    { name: 'core', documents: [{ kind: 'entity', key: 'user', label: { en: 'User' }, fields: [{ key: 'name', type: 'text' }] }] },
    { name: 'sales', documents: [{ kind: 'entity', extends: 'core/user', fields: [{ key: 'quota', type: 'money' }] }] },
    { name: 'overlay', documents: [{ kind: 'entity', extends: 'core/user', fields: [{ key: 'quota', label: { en: 'Target' } }] }] },
  ])
  expect(problems).toEqual([])
  expect(documents[0]).toMatchObject({
    layer: 'core',
    changedBy: ['sales', 'overlay'],
    document: { fields: [{ key: 'name' }, { key: 'quota', type: 'money', label: { en: 'Target' } }] },
  })
})

test('collects every contradiction between layers', () => {
  const { problems } = combined([deal, { kind: 'entity', extends: 'sales/dael' }, { kind: 'entity', extends: 'sales/deal', key: 'offer' }])
  expect(problems.map(({ code, hint }) => [code, hint])).toEqual([
    ['MODEL_DUPLICATE_KEY', 'To change it, write {"kind": "entity", "extends": "sales/deal", …}.'],
    ['MODEL_UNKNOWN_BASE', 'Did you mean “sales/deal”?'],
    ['MODEL_IMMUTABLE', 'Keys are immutable; give it another label.'],
  ])
})

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const section = fc.record(
  {
    key,
    fields: fc.array(key, { maxLength: 3 }),
    columns: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    label: fc.option(fc.dictionary(key, fc.string({ minLength: 1 }), { maxKeys: 2 }), { nil: undefined }),
  },
  { requiredKeys: ['key', 'fields'] },
)
const layout = fc
  .uniqueArray(section, { selector: each => each.key, maxLength: 5 })
  .map(sections => JSON.parse(JSON.stringify({ ...form, sections })) as Layout)

test('keeps of a document edited as a whole just what was changed, and gives exactly it back', () => {
  fc.assert(
    fc.property(layout, layout, (base, wanted) => {
      const effective: EffectiveDocument = {
        kind: 'layout',
        key: base.key,
        layer: 'sales',
        document: base,
        part: partOf(json(base), 'sales'),
        changedBy: [],
      }
      const overlay = overlayOf(effective, wanted)
      if (overlay === null) expect(wanted).toEqual(base)
      else {
        const { kind: _kind, extends: _extends, ...changes } = overlay
        expect(valueOf(mergePart(effective.part, changes as JsonValue, 'overlay'))).toEqual(wanted)
      }
    }),
    { numRuns: 500 },
  )
})

test('keeps a small change small', () => {
  const effective = combined([]).documents.find(each => each.kind === 'entity')
  if (effective === undefined) throw new Error('no deal')
  const wanted = {
    ...deal,
    fields: deal.fields.map(field => (field.key === 'amount' ? { ...field, label: { en: 'Value' } } : field)),
  } as Entity
  expect(overlayOf(effective, wanted)).toEqual({
    kind: 'entity',
    extends: 'sales/deal',
    fields: [{ key: 'amount', label: { en: 'Value' } }],
  })
  expect(overlayOf(effective, deal)).toBeNull()
})

function json(document: MetadataDocument): JsonValue {
  return document as unknown as JsonValue
}
