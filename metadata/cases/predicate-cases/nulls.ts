/** What every operator says of a field without a value, and what its negation says. */
import type { Predicate } from '../../generated/types.ts'
import { FRIEND_ID, NODES, type PredicateCase, theme, USER_ID } from './fixture.ts'

const OF_TEXT: readonly [string, Predicate[string], boolean][] = [
  ['eq', 'a', false],
  ['ne', 'a', true],
  ['lt', 'a', false],
  ['lte', 'a', false],
  ['gt', 'a', false],
  ['gte', 'a', false],
  ['between', ['a', 'b'], false],
  ['in', ['a', 'b'], false],
  ['not_in', ['a', 'b'], true],
  ['is_null', true, true],
  ['is_null', false, false],
  ['contains', 'a', false],
  ['not_contains', 'a', true],
  ['starts_with', 'a', false],
  ['ends_with', 'a', false],
]

const ordered = (one: string | number, two: string | number): readonly [string, Predicate[string], boolean][] => [
  ['eq', one, false],
  ['ne', one, true],
  ['lt', one, false],
  ['lte', one, false],
  ['gt', one, false],
  ['gte', one, false],
  ['between', [one, two], false],
  ['in', [one, two], false],
  ['not_in', [one], true],
  ['is_null', true, true],
  ['is_null', false, false],
]

const calendar: readonly [string, Predicate[string], boolean][] = [
  ['in_last', 'P1Y', false],
  ['in_next', 'P1Y', false],
  ['in_period', 'this_year', false],
]

const equality = (value: string | boolean): readonly [string, Predicate[string], boolean][] => [
  ['eq', value, false],
  ['ne', value, true],
  ['in', [value], false],
  ['not_in', [value], true],
  ['is_null', true, true],
  ['is_null', false, false],
]

const members = (value: string): readonly [string, Predicate[string], boolean][] => [
  ['has_any', [value], false],
  ['has_all', [value], false],
  ['has_all', [], false],
  ['has_none', [value], true],
  ['is_null', true, true],
  ['is_null', false, false],
]

const OF_FIELD: Readonly<Record<string, readonly [string, Predicate[string], boolean][]>> = {
  name: OF_TEXT,
  notes: OF_TEXT,
  email: [
    ['eq', 'a@b.test', false],
    ['ne', 'a@b.test', true],
    ['contains', 'b', false],
    ['not_contains', 'b', true],
    ['is_null', true, true],
  ],
  quantity: ordered(1, 2),
  ratio: ordered('1', '2'),
  discount: ordered('1', '2'),
  amount: ordered('1', '2'),
  due: [...ordered('2025-06-18', '2025-06-19'), ...calendar],
  seen_at: [...ordered('2025-06-18T09:00:00Z', '2025-06-18T10:00:00Z'), ...calendar],
  stage: ordered('lead', 'won'),
  active: [...equality(true), ['eq', false, false], ['ne', false, true]],
  friend: equality(FRIEND_ID),
  keeper: equality(USER_ID),
  node: [...equality(NODES.root), ['within', NODES.root, false]],
  channels: members('web'),
  labels: members('tea'),
  place: [
    ['is_null', true, true],
    ['is_null', false, false],
  ],
  extra: [
    ['is_null', true, true],
    ['is_null', false, false],
  ],
}

/** Null, operator by operator. */
export const NULL_CASES: readonly PredicateCase[] = [
  ...Object.entries(OF_FIELD).flatMap(([field, rows]) =>
    theme(
      'null',
      rows.map(([operator, operand, expected]) => [{ [field]: { [operator]: operand } }, { [field]: null }, expected]),
    ),
  ),
  ...theme('an absent field is null', [
    [{ name: { is_null: true } }, {}, true],
    [{ name: { eq: '' } }, {}, false],
    [{ amount: { ne: '0' } }, {}, true],
    [{ quantity: { eq: 0 } }, {}, false],
    [{ active: { eq: false } }, {}, false],
    [{ labels: { is_null: true } }, {}, true],
  ]),
  ...theme('an empty list is null', [
    [{ labels: { is_null: true } }, { labels: [] }, true],
    [{ labels: { is_null: false } }, { labels: [] }, false],
    [{ channels: { is_null: true } }, { channels: [] }, true],
    [{ labels: { has_any: ['tea'] } }, { labels: [] }, false],
    [{ labels: { has_all: [] } }, { labels: [] }, false],
    [{ labels: { has_none: ['tea'] } }, { labels: [] }, true],
  ]),
  ...theme('a value is not null', [
    [{ name: { is_null: false } }, { name: 'a' }, true],
    [{ quantity: { is_null: true } }, { quantity: 0 }, false],
    [{ active: { is_null: true } }, { active: false }, false],
    [{ amount: { is_null: false } }, { amount: '0.00' }, true],
    [{ labels: { is_null: false } }, { labels: ['tea'] }, true],
    [{ extra: { is_null: false } }, { extra: {} }, true],
    [{ place: { is_null: false } }, { place: { city: 'Kyiv' } }, true],
    [{ friend: { is_null: false } }, { friend: { id: FRIEND_ID } }, true],
    [{ due: { is_null: true } }, { due: '2025-06-18' }, false],
    [{ seen_at: { is_null: false } }, { seen_at: '2025-06-18T09:00:00.000Z' }, true],
    [{ stage: { is_null: true } }, { stage: 'lead' }, false],
  ]),
]
