/** Operands read from the user, from another record and from the state before a change. */
import { CASE_ENV, NODES, OTHER_USER_ID, type PredicateCase, theme, USER_ID } from './fixture.ts'

const nobody = { user: { id: USER_ID } }

const FILTERS: readonly PredicateCase[] = [
  ...theme('$user', [
    [{ keeper: { eq: '$user.id' } }, { keeper: USER_ID }, true],
    [{ keeper: { eq: '$user.id' } }, { keeper: OTHER_USER_ID }, false],
    [{ keeper: { ne: '$user.id' } }, { keeper: OTHER_USER_ID }, true],
    [{ keeper: { in: [OTHER_USER_ID, '$user.id'] } }, { keeper: USER_ID }, true],
    [{ name: { eq: '$user.name' } }, { name: 'Олена' }, true],
    [{ name: { contains: '$user.name' } }, { name: 'для ОЛЕНИ, олена!' }, true],
    [{ amount: { lte: '$user.limit' } }, { amount: '1000.00' }, true],
    [{ amount: { gt: '$user.limit' } }, { amount: '1000.00' }, false],
    [{ amount: { gt: '$user.quota' } }, { amount: '5.01' }, true],
    [{ quantity: { lt: '$user.quota' } }, { quantity: 4 }, true],
    [{ due: { gte: '$user.hired_on' } }, { due: '2024-02-29' }, true],
    [{ seen_at: { gte: '$user.hired_on' } }, { seen_at: '2024-02-28T22:00:00.000Z' }, true],
    [{ seen_at: { gte: '$user.hired_on' } }, { seen_at: '2024-02-28T21:59:59.999Z' }, false],
    [{ labels: { has_any: ['$user.interests'] } }, { labels: ['chess'] }, true],
    [{ labels: { has_all: ['$user.interests'] } }, { labels: ['chess'] }, false],
    [{ labels: { has_all: ['$user.interests'] } }, { labels: ['chess', 'tea', 'jazz'] }, true],
    [{ labels: { has_none: ['$user.interests', 'milk'] } }, { labels: ['milk'] }, false],
    [{ name: { in: ['$user.interests'] } }, { name: 'tea' }, true],
    [{ amount: { between: ['$user.quota', '$user.limit'] } }, { amount: '5.00' }, true],
    [{ node: { eq: '$user.home' } }, { node: NODES.north }, true],
  ]),
  ...theme('a variable without a value compares with nothing', [
    [{ name: { eq: '$user.nickname' } }, { name: 'a' }, false],
    [{ name: { eq: '$user.nickname' } }, {}, false],
    [{ name: { ne: '$user.nickname' } }, { name: 'a' }, true],
    [{ name: { ne: '$user.nickname' } }, {}, true],
    [{ not: { name: { eq: '$user.nickname' } } }, { name: 'a' }, true],
    [{ name: { contains: '$user.nickname' } }, { name: 'a' }, false],
    [{ name: { not_contains: '$user.nickname' } }, { name: 'a' }, true],
    [{ name: { in: ['$user.nickname', 'a'] } }, { name: 'a' }, true],
    [{ name: { in: ['$user.nickname'] } }, { name: 'a' }, false],
    [{ name: { not_in: ['$user.nickname', 'a'] } }, { name: 'b' }, true],
    [{ amount: { lt: '$user.limit' } }, { amount: '1.00' }, false, nobody],
    [{ not: { amount: { lt: '$user.limit' } } }, { amount: '1.00' }, true, nobody],
    [{ amount: { between: ['0', '$user.limit'] } }, { amount: '1.00' }, false, nobody],
    [{ labels: { has_any: ['$user.interests'] } }, { labels: ['tea'] }, false, nobody],
    [{ labels: { has_all: ['tea', '$user.interests'] } }, { labels: ['tea'] }, false, nobody],
    [{ labels: { has_none: ['$user.interests'] } }, { labels: ['tea'] }, true, nobody],
  ]),
  ...theme('$record', [
    [{ name: { eq: '$record.name' } }, { name: 'a' }, true, { record: { name: 'a' } }],
    [{ name: { eq: '$record.name' } }, { name: 'a' }, false, { record: { name: 'b' } }],
    [{ name: { eq: '$record.name' } }, { name: 'a' }, false, { record: {} }],
    [{ amount: { lt: '$record.amount' } }, { amount: '9.99' }, true, { record: { amount: '10.00' } }],
    [{ stage: { eq: '$record.stage' } }, { stage: 'won' }, true, { record: { stage: 'won' } }],
    [{ due: { gt: '$record.due' } }, { due: '2025-06-19' }, true, { record: { due: '2025-06-18' } }],
    [{ node: { within: '$record.node' } }, { node: NODES.city }, true, { record: { node: NODES.north } }],
    [{ channels: { has_any: ['$record.channels'] } }, { channels: ['web'] }, true, { record: { channels: ['shop', 'web'] } }],
    [{ friend: { eq: '$record.friend' } }, { friend: { id: NODES.root } }, true, { record: { friend: NODES.root } }],
  ]),
]

const changes: readonly (readonly [PredicateCase['predicate'], PredicateCase['record'] | null, PredicateCase['record'], boolean])[] = [
  [{ stage: { changed: true } }, { stage: 'lead' }, { stage: 'won' }, true],
  [{ stage: { changed: true } }, { stage: 'won' }, { stage: 'won' }, false],
  [{ stage: { changed: false } }, { stage: 'won' }, { stage: 'won' }, true],
  [{ stage: { changed: true } }, {}, { stage: 'won' }, true],
  [{ stage: { changed: true } }, { stage: 'won' }, {}, true],
  [{ stage: { changed: true } }, {}, { stage: null }, false],
  [{ stage: { changed: true } }, null, { stage: 'lead' }, true],
  [{ stage: { changed: true } }, null, {}, false],
  [{ stage: { changed_to: 'won' } }, { stage: 'lead' }, { stage: 'won' }, true],
  [{ stage: { changed_to: 'won' } }, { stage: 'won' }, { stage: 'won' }, false],
  [{ stage: { changed_to: 'won' } }, { stage: 'lead' }, { stage: 'lost' }, false],
  [{ stage: { changed_to: 'won' } }, null, { stage: 'won' }, true],
  [{ not: { stage: { changed_to: 'won' } } }, { stage: 'won' }, { stage: 'won' }, true],
  [{ amount: { changed: true } }, { amount: '10.0' }, { amount: '10.00' }, false],
  [{ amount: { changed: true } }, { amount: '10.00' }, { amount: '10.01' }, true],
  [{ seen_at: { changed: true } }, { seen_at: '2025-06-18T09:30:00Z' }, { seen_at: '2025-06-18T09:30:00.000Z' }, false],
  [{ labels: { changed: true } }, { labels: ['a', 'b'] }, { labels: ['b', 'a'] }, false],
  [{ labels: { changed: true } }, { labels: ['a'] }, { labels: ['a', 'b'] }, true],
  [{ labels: { changed: true } }, { labels: [] }, {}, false],
  [{ friend: { changed: true } }, { friend: NODES.root }, { friend: { id: NODES.root, name: 'a' } }, false],
  [{ extra: { changed: true } }, { extra: { a: 1, b: 2 } }, { extra: { b: 2, a: 1 } }, false],
  [{ extra: { changed: true } }, { extra: { a: 1 } }, { extra: { a: 2 } }, true],
]

/** Variables and changes. */
export const VARIABLE_CASES: readonly PredicateCase[] = [
  ...FILTERS,
  ...changes.map(([predicate, before, record, expected]) => ({
    name: `changes: ${JSON.stringify(predicate)} from ${JSON.stringify(before)} to ${JSON.stringify(record)}`,
    predicate,
    record,
    expected,
    before,
  })),
]

/** The environment of one case. */
export function envOf(each: PredicateCase): typeof CASE_ENV {
  return { ...CASE_ENV, ...each.env, ...(each.before === undefined ? {} : { before: each.before }) }
}
