import { afterEach, expect, test } from 'vitest'
import { forgetPlaces, lastPlace, rememberAddress, rememberRow } from './last-place.ts'

afterEach(forgetPlaces)

test('the way back leads to the list as it was, at the row that was opened', () => {
  rememberAddress('deal', { view: 'deal_board', q: 'shelf' })
  rememberRow('deal', 'd1')
  rememberAddress('deal', { view: 'deal_board', q: 'shelf' })
  expect(lastPlace('deal')).toEqual({ address: { view: 'deal_board', q: 'shelf' }, row: 'd1' })
})

test('a row is forgotten once the list is another one', () => {
  rememberAddress('deal', {})
  rememberRow('deal', 'd1')
  rememberAddress('deal', { q: 'rack' })
  expect(lastPlace('deal').row).toBeNull()
})

test('every entity has a place of its own, and a stranger has none', () => {
  rememberAddress('deal', { q: 'rack' })
  expect(lastPlace('customer')).toEqual({ address: {}, row: null })
  forgetPlaces()
  expect(lastPlace('deal')).toEqual({ address: {}, row: null })
})
