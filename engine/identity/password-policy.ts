/**
 * Which passwords are refused: too short, too long, made of the person's own address, or among those that guessing starts with.
 * No rules about digits and signs (NIST SP 800-63B): they make passwords alike, not strong. Pure.
 */
import type { Problem } from '../../metadata/problem.ts'
import { inReadersWords } from '../../metadata/said.ts'
import type { Locale } from '../kernel/context.ts'

export const PASSWORD_MIN_LENGTH = 10
/** Beyond it nobody types; and a megabyte of password is an attack on the hash. */
export const PASSWORD_MAX_LENGTH = 200

type Fault = 'SHORT' | 'LONG' | 'PERSONAL' | 'COMMON'

const WORDS: Readonly<Record<Locale, Readonly<Record<Fault, string>>>> = {
  en: {
    SHORT: `The password must have at least ${PASSWORD_MIN_LENGTH} characters.`,
    LONG: `The password must have at most ${PASSWORD_MAX_LENGTH} characters.`,
    PERSONAL: 'The password must not be the e-mail address or a part of it.',
    COMMON: 'This password is among the first that anyone would guess.',
  },
  ru: {
    SHORT: `В пароле должно быть не меньше ${PASSWORD_MIN_LENGTH} знаков.`,
    LONG: `В пароле должно быть не больше ${PASSWORD_MAX_LENGTH} знаков.`,
    PERSONAL: 'Пароль не должен быть адресом почты или его частью.',
    COMMON: 'Этот пароль подбирают одним из первых.',
  },
  uk: {
    SHORT: `У паролі має бути не менше ${PASSWORD_MIN_LENGTH} знаків.`,
    LONG: `У паролі має бути не більше ${PASSWORD_MAX_LENGTH} знаків.`,
    PERSONAL: 'Пароль не має бути адресою пошти або її частиною.',
    COMMON: 'Цей пароль добирають одним із перших.',
  },
  es: {
    SHORT: `La contraseña debe tener al menos ${PASSWORD_MIN_LENGTH} caracteres.`,
    LONG: `La contraseña debe tener como máximo ${PASSWORD_MAX_LENGTH} caracteres.`,
    PERSONAL: 'La contraseña no debe ser el correo ni una parte de él.',
    COMMON: 'Esta contraseña es de las primeras que cualquiera probaría.',
  },
}

/** The commonest passwords of published leaks with at least ten characters, without digits and signs at their end. */
const COMMON_STEMS: ReadonlySet<string> = new Set(
  `password passw0rd p@ssword p@ssw0rd passwort пароль contraseña parola qwerty qwertyuiop qwertzuiop azertyuiop asdfghjkl zxcvbnm йцукен йцукенг
  йцукенгшщз letmein letmeinplease welcome welcomeback iloveyou iloveyouso administrator admin superadmin changeme changemenow default secret
  topsecret trustno unknown football baseball basketball superman batman spiderman starwars princess sunshine dragon monkey master michael
  jennifer computer internet whatever charlie shadow freedom killer pokemon minecraft liverpool barcelona realmadrid chocolate butterfly
  1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc qazwsx qazwsxedc q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsx zaq1zaq1 abcd abcdef abcdefgh
  abcdefghij nexus nexusnexus nexuspassword test testtest testing guest guestguest login loginlogin root rootroot toor hello helloworld
  samsung google facebook linkedin dropbox microsoft winter spring summer autumn january december monday`
    .split(/\s+/)
    .map(stemOf),
)

const SEQUENCES = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  'йцукенгшщзхъфывапролджэячсмитьбю',
]

/** What is wrong with a password for the person of this address; empty when it may be used. `pointer` is its place in what was sent. */
export function findPasswordProblems(password: string, email: string, locale: Locale, pointer: string): Problem[] {
  const fault = faultOf(password.normalize('NFKC'), email.toLowerCase())
  return fault === null ? [] : [{ pointer, code: `IDENTITY_PASSWORD_${fault}`, message: inReadersWords(WORDS[locale][fault]) }]
}

function faultOf(password: string, email: string): Fault | null {
  const characters = [...password]
  if (characters.length < PASSWORD_MIN_LENGTH) return 'SHORT'
  if (characters.length > PASSWORD_MAX_LENGTH) return 'LONG'
  const lower = password.toLowerCase()
  if (isPersonal(lower, email)) return 'PERSONAL'
  return isCommon(lower) ? 'COMMON' : null
}

/** The address, its name part or its domain, forwards, with nothing but digits and signs around it. */
function isPersonal(lower: string, email: string): boolean {
  const [name = '', domain = ''] = email.split('@')
  const core = stemOf(lower)
  return (
    lower.includes(email) ||
    [name, domain, domain.split('.')[0] ?? ''].some(part => part.length > 2 && stemOf(part) === core && core !== '')
  )
}

function isCommon(lower: string): boolean {
  if (new Set(lower).size < 4) return true
  if (isRepeated(lower) || COMMON_STEMS.has(stemOf(lower))) return true
  return SEQUENCES.some(line => isRun(lower, line) || isRun([...lower].reverse().join(''), line))
}

/** Whether the text is one part of at most five characters over and over. */
function isRepeated(text: string): boolean {
  return [1, 2, 3, 4, 5].some(
    length =>
      text
        .slice(0, length)
        .repeat(Math.ceil(text.length / length))
        .slice(0, text.length) === text,
  )
}

function isRun(text: string, line: string): boolean {
  return line.includes(text) || (line + line).includes(text)
}

/** The word inside a password: without the digits and signs people put before and after it. */
function stemOf(text: string): string {
  return text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
}
