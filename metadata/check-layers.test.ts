import { expect, test } from 'vitest'
import { checkLayers, type LanguageTools } from './check-layers.ts'
import { inReadersWords } from './said.ts'

const tools: LanguageTools = { validate: () => [], isLinearPattern: () => true }
const deal = { kind: 'entity', key: 'deal', label: { en: 'Deal' }, fields: [{ key: 'name', type: 'text' }] }
const placed = ({ problems }: ReturnType<typeof checkLayers>) =>
  problems.map(({ code, pointer, document }) => [document?.kind, document?.key, code, pointer])

test('collects the mistakes of all documents at once, in their order', () => {
  const checked = checkLayers(
    [
      {
        name: 'sales',
        documents: [
          { ...deal, title_field: 'nam', hidden_fields: ['nme'] },
          { kind: 'view', key: 'deals', entity: 'dael', type: 'list', label: {}, columns: ['name'] },
          { kind: 'role', key: 'rep', label: {}, access_profiles: ['rep'] },
        ],
      },
    ],
    tools,
  )
  expect(placed(checked)).toEqual([
    ['entity', 'deal', 'MODEL_UNKNOWN_FIELD', '/title_field'],
    ['entity', 'deal', 'MODEL_UNKNOWN_FIELD', '/hidden_fields/0'],
    ['view', 'deals', 'MODEL_UNKNOWN_ENTITY', '/entity'],
    ['role', 'rep', 'MODEL_UNKNOWN_PROFILE', '/access_profiles/0'],
  ])
})

test('does not report what a broken document only echoes elsewhere', () => {
  const validate: LanguageTools['validate'] = (definition, value) =>
    definition === 'AccessProfile' || JSON.stringify(value).includes('"broken"')
      ? [{ pointer: '/x', code: 'MODEL_TYPE', message: inReadersWords('Broken.') }]
      : []
  const role = { kind: 'role', key: 'rep', label: {}, access_profiles: ['rep_profile', 'other'] }
  const profile = { kind: 'access_profile', key: 'rep_profile', entities: {} }
  expect(placed(checkLayers([{ name: 'sales', documents: [deal, profile, role] }], { ...tools, validate }))).toEqual([
    ['access_profile', 'rep_profile', 'MODEL_TYPE', '/x'],
    ['role', 'rep', 'MODEL_UNKNOWN_PROFILE', '/access_profiles/1'],
  ])
  const view = { kind: 'view', key: 'deals', entity: 'deal', type: 'list', label: {}, columns: ['name'] }
  expect(placed(checkLayers([{ name: 'sales', documents: [{ ...deal, icon: 'broken' }, view] }], { ...tools, validate }))).toEqual([
    ['entity', 'deal', 'MODEL_TYPE', '/x'],
  ])
})
