import { expect, test } from 'vitest'
import type { EntityAccess } from '../../metadata/generated/types.ts'
import type { Capability } from '../kernel/context.ts'
import type { CompiledEntityAccess, CompiledModel, CompiledProfile, FieldRight } from '../model/types.ts'
import { isWithin } from './containment.ts'

const ownDeals = { owner_id: { eq: '$user.id' } }
const branch = { org_unit_id: { within: '$user.org_unit_id' } }

/** A model of nothing but profiles, each over the entity `deal`. */
function modelOf(profiles: Readonly<Record<string, EntityAccess>>): CompiledModel {
  const compiled = Object.entries(profiles).map(([key, written]): [string, CompiledProfile] => [
    key,
    { key, definition: { kind: 'access_profile', key, entities: { deal: written } }, entities: new Map([['deal', compile(written)]]) },
  ])
  return { profiles: new Map(compiled) } as Partial<CompiledModel> as CompiledModel
}

function compile(written: EntityAccess): CompiledEntityAccess {
  const rights = Object.entries(written.fields).flatMap(([field, right]): [string, FieldRight][] => {
    if (right === 'none') return []
    return [[field, typeof right === 'string' ? { right } : { right: 'mask', mask: right.mask, reveal: right.reveal ?? false }]]
  })
  return {
    operations: new Set(written.operations),
    rows: new Map(),
    handover: written.handover ?? false,
    fields: new Map(rights),
    check: null,
    presets: {},
  }
}

const holds = (profile: string | null, ...capabilities: Capability[]) => ({
  profiles: profile === null ? [] : [profile],
  capabilities: new Set(capabilities),
})
const gives = (holder: EntityAccess, given: EntityAccess) => isWithin(modelOf({ holder, given }), holds('given'), holds('holder'))

const all: EntityAccess = {
  operations: ['create', 'read', 'update', 'delete'],
  fields: { name: 'write', amount: 'write', margin: 'write' },
}

test('whoever may do everything may give a part of it', () => {
  expect(
    gives(all, { operations: ['read', 'update'], rows: { read: ownDeals, update: ownDeals }, fields: { name: 'write', amount: 'read' } }),
  ).toBe(true)
  expect(gives(all, all)).toBe(true)
  expect(gives(all, { operations: ['read'], fields: { name: { mask: 'first1' } } })).toBe(true)
})

test('nobody gives an operation, a field or a right that he lacks', () => {
  expect(gives({ ...all, operations: ['read'] }, { ...all, operations: ['read', 'delete'] })).toBe(false)
  expect(gives({ ...all, fields: { name: 'write' } }, { ...all, fields: { name: 'write', margin: 'read' } })).toBe(false)
  expect(gives({ ...all, fields: { name: 'read' } }, { ...all, fields: { name: 'create' } })).toBe(false)
  expect(gives({ ...all, fields: { name: { mask: 'last4' } } }, { ...all, fields: { name: 'read' } })).toBe(false)
  expect(gives({ ...all, fields: { name: { mask: 'last4' } } }, { ...all, fields: { name: { mask: 'range' } } })).toBe(false)
  expect(
    gives(
      { ...all, fields: { name: { mask: 'last4' } } },
      { ...all, operations: ['read', 'reveal'], fields: { name: { mask: 'last4', reveal: true } } },
    ),
  ).toBe(false)
})

test('nobody gives rows beyond his own rule', () => {
  const limited: EntityAccess = { ...all, operations: ['read'], rows: { read: branch } }
  expect(gives(limited, { ...limited, rows: {} })).toBe(false)
  expect(gives(limited, { ...limited, rows: { read: ownDeals } })).toBe(false)
  expect(gives(limited, { ...limited, rows: { read: { or: [branch, ownDeals] } } })).toBe(false)
  expect(gives(limited, { ...limited, rows: { read: branch } })).toBe(true)
  expect(gives(limited, { ...limited, rows: { read: { ...ownDeals, ...branch } } })).toBe(true)
})

test('nobody gives a way around a value check, or out of sight', () => {
  const checked: EntityAccess = { ...all, check: { discount: { lte: '15' } } }
  expect(gives(checked, all)).toBe(false)
  expect(gives(checked, { ...all, check: { discount: { lte: '30' } } })).toBe(false)
  expect(gives(checked, checked)).toBe(true)
  const limited: EntityAccess = { ...all, rows: { update: branch } }
  expect(gives(limited, { ...limited, handover: true })).toBe(false)
  expect(gives(all, { ...limited, handover: true })).toBe(true)
})

test('to reveal masked values is no more than to read them', () => {
  const revealer: EntityAccess = { operations: ['read', 'reveal'], fields: { name: { mask: 'last4', reveal: true } } }
  expect(gives({ ...all, operations: ['read'] }, revealer)).toBe(true)
  expect(gives(revealer, { ...revealer, rows: { read: branch } })).toBe(true)
  expect(gives({ ...revealer, operations: ['read'] }, revealer)).toBe(false)
  expect(gives({ ...all, operations: ['read'], rows: { read: branch } }, revealer)).toBe(false)
})

test('two halves of two profiles are not the whole of one', () => {
  const model = modelOf({
    names: { operations: ['read'], rows: { read: ownDeals }, fields: { name: 'read' } },
    amounts: { operations: ['read'], rows: { read: branch }, fields: { amount: 'read' } },
    given: { operations: ['read'], rows: { read: ownDeals }, fields: { name: 'read', amount: 'read' } },
  })
  expect(isWithin(model, holds('given'), { profiles: ['amounts', 'names'], capabilities: new Set() })).toBe(false)
})

test('capabilities count one by one', () => {
  const model = modelOf({})
  expect(isWithin(model, holds(null, 'users.manage'), holds(null, 'users.manage', 'roles.manage'))).toBe(true)
  expect(isWithin(model, holds(null, 'users.manage', 'view_as'), holds(null, 'users.manage', 'roles.manage'))).toBe(false)
})
