import { expect, test } from 'vitest'
import { formatPhone } from './phone.ts'

test.each([
  ['+493055508672', '+49 30 5550 8672'],
  ['+493415550100', '+49 341 5550 100'],
  ['+4915112345678', '+49 151 1234 5678'],
  ['+12125550107', '+1 212 555 0107'],
  ['+77273551234', '+7 727 355 12 34'],
  ['+380445550110', '+380 44 555 01 10'],
  ['+48225557003', '+48 22 555 70 03'],
  ['+48601555703', '+48 601 555 703'],
  ['+441632960268', '+44 1632 960268'],
  ['+442079460018', '+44 20 7946 0018'],
  ['+34915550110', '+34 915 550 110'],
  ['+33199001234', '+33 1 99 00 12 34'],
  ['+525555551234', '+52 55 5555 1234'],
  // A country without a rule: threes, and no digit alone at the end.
  ['+3705551234', '+370 555 12 34'],
])('%s reads %s', (wire, shown) => {
  expect(formatPhone(wire)).toBe(shown)
})

test('no digit is lost, and what is no international number stays as it is', () => {
  for (const wire of ['+4930123', '+4912', '112', '030 55508672', '', '+1212555010799', '+99899']) {
    expect(formatPhone(wire).replaceAll(' ', '')).toBe(wire.replaceAll(' ', ''))
  }
  expect(formatPhone('030 / 555')).toBe('030 / 555')
})
