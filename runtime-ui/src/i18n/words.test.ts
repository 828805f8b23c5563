import { expect, test } from 'vitest'
import { en } from './en.ts'
import { ru } from './ru.ts'
import { wordsOf } from './words.ts'

test('variables are filled in as they are, whatever stands in them', () => {
  const t = wordsOf('en', en)
  expect(t('record.created', { title: '<b>{{title}}</b> $& $1' })).toContain('<b>{{title}}</b> $& $1')
  expect(t('record.new', {})).not.toContain('{{')
})

test('a count chooses the form of its language', () => {
  const [english, russian] = [wordsOf('en', en), wordsOf('ru', ru)]
  expect([1, 2, 0].map(count => english('form.errors', { count }))).toEqual([
    '1 field needs attention',
    '2 fields need attention',
    '0 fields need attention',
  ])
  expect([1, 3, 5, 21, 112].map(count => russian('list.count', { count, formatted: count }))).toEqual([
    '1 запись',
    '3 записи',
    '5 записей',
    '21 запись',
    '112 записей',
  ])
})

test('what a language does not say is said in English', () => {
  const { 'app.retry': _retry, ...rest } = ru
  expect(wordsOf('ru', rest as typeof ru)('app.retry')).toBe(en['app.retry'])
})
