import { expect, test } from 'vitest'
import { admits, canonicalNetwork, isListWithin, sourceOf } from './ip-list.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['192.0.2.7/32', '192.0.2.7'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1/64', '2001:db8::/64'],
  ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
  ['::', '::'],
  ['::1/128', '::1'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:0201', '192.0.2.1'],
  ['::ffff:192.0.2.1/120', '192.0.2.0/24'],
  ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
])('spells %s as %s', (given, canonical) => {
  expect(canonicalNetwork(given)).toBe(canonical)
})

test.each([
  '',
  'localhost',
  '192.0.2',
  '192.0.2.256',
  '010.0.0.1',
  '0x7f.1',
  '2130706433',
  '192.0.2.1/33',
  '192.0.2.1/-1',
  '192.0.2.1/08',
  '192.0.2.1/8/8',
  '2001:db8::/129',
  'fe80::1%eth0',
  '1::2::3',
  '::ffff:192.0.2.1/95',
  ' 192.0.2.1',
  '192.0.2.1\n',
  '192.0.2.1/',
  '*',
])('refuses %j', text => {
  expect(canonicalNetwork(text)).toBeNull()
})

test('admits by bits, whatever the spelling of list or caller', () => {
  const office = admits(['192.0.2.0/24', '2001:db8::/48'])
  for (const inside of ['192.0.2.1', '::ffff:192.0.2.255', '2001:DB8:0:ffff::1', '2001:0db8:0000::']) expect(office(inside)).toBe(true)
  for (const outside of ['192.0.3.1', '2001:db8:1::1', '::192.0.2.1', 'unknown', '', '192.0.2.1 ']) expect(office(outside)).toBe(false)
})

test('admits everyone on an empty list and no one on a list that can not be read', () => {
  expect(admits([])('203.0.113.9')).toBe(true)
  expect(admits(['nonsense'])('203.0.113.9')).toBe(false)
})

test('counts an IPv6 subscriber as one source', () => {
  expect(sourceOf('2001:db8:1:2:3:4:5:6')).toBe(sourceOf('2001:db8:1:2:ffff::1'))
  expect(sourceOf('2001:db8:1:2::1')).not.toBe(sourceOf('2001:db8:1:3::1'))
  expect(sourceOf('::ffff:192.0.2.1')).toBe('192.0.2.1')
})

test.each<[string[], string[], boolean]>([
  [[], [], true],
  [['192.0.2.7'], [], true],
  [[], ['192.0.2.7'], false],
  [['192.0.2.7'], ['192.0.2.7'], true],
  [['192.0.2.0/25', '192.0.2.200'], ['192.0.2.0/24'], true],
  [['::ffff:192.0.2.7'], ['192.0.2.0/24'], true],
  [['192.0.2.0/23'], ['192.0.2.0/24'], false],
  [['192.0.2.7', '192.0.3.7'], ['192.0.2.0/24'], false],
  [['0.0.0.0/0', '::/0'], ['192.0.2.0/24'], false],
  [['::/0'], ['0.0.0.0/0'], false],
  [['2001:db8:1:2::/64'], ['203.0.113.5', '2001:db8:1::/48'], true],
])('%j within %j: %s', (list, other, expected) => {
  expect(isListWithin(list, other)).toBe(expected)
})
