import { expect, test } from 'vitest'
import { findPasswordProblems } from './password-policy.ts'

const codeOf = (password: string) => findPasswordProblems(password, 'olga.petrova@acme.test', 'en', '/password')[0]?.code ?? null

test.each(['nexus-demo-1', 'correct horse battery', 'Tr0ub4dor&3x', 'мой дом у моря', '二十四桥明月夜玉人何处教', 'aB3$aB3$xY7!'])(
  'accepts %s',
  password => {
    expect(codeOf(password)).toBeNull()
  },
)

test.each(['', 'short', '123456789', 'ninechars', '👍👍👍👍👍👍👍👍👍'])('refuses %j as too short', password => {
  expect(codeOf(password)).toBe('IDENTITY_PASSWORD_SHORT')
})

test('counts characters, not code units, and refuses what nobody types', () => {
  expect(codeOf('x7Q'.repeat(67))).toBe('IDENTITY_PASSWORD_LONG')
})

test.each(['olga.petrova@acme.test', 'OLGA.PETROVA@acme.test1', 'olga.petrova1', '2024olga.petrova!', 'acme.test!!', 'acme-2024-2024'])(
  'refuses %s as personal',
  password => {
    expect(codeOf(password)).toBe('IDENTITY_PASSWORD_PERSONAL')
  },
)

test.each([
  'password12',
  'Password123!',
  'P@ssw0rd2024',
  'qwertyuiop',
  'QWERTYUIOP',
  '1234567890',
  '0987654321',
  'aaaaaaaaaa',
  'abababababab',
  'abcabcabcabc',
  'letmein2024',
  'Welcome2024!',
  'йцукенгшщз',
  'пароль123456',
  'administrator1',
  '1q2w3e4r5t6y',
  '12345123451',
  'ｐａｓｓｗｏｒｄ１２３',
])('refuses %s as common', password => {
  expect(codeOf(password)).toBe('IDENTITY_PASSWORD_COMMON')
})

test('says it in the language of the person, with the place', () => {
  expect(findPasswordProblems('kurz', 'a@b.test', 'ru', '/admin/password')).toEqual([
    { pointer: '/admin/password', code: 'IDENTITY_PASSWORD_SHORT', message: 'В пароле должно быть не меньше 10 знаков.' },
  ])
})
