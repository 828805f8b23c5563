/** What validate says about a field, in the caller's language and with the field's label in it (contracts §3). */
import type { Labels } from '../../metadata/generated/types.ts'
import type { Problem, Worded } from '../../metadata/problem.ts'
import { inReadersWords } from '../../metadata/said.ts'
import type { Refusal } from '../field-types/index.ts'
import type { Locale } from '../kernel/context.ts'
import type { CompiledField } from '../model/types.ts'
import { refusalWords } from './refusal-words.ts'

const WORDS = {
  OBJECT: {
    en: 'An object with fields is expected.',
    ru: 'Ожидается объект с полями.',
    uk: 'Очікується об’єкт із полями.',
    es: 'Se espera un objeto con campos.',
  },
  REQUIRED: {
    en: '{label} is required.',
    ru: 'Поле «{label}» обязательно.',
    uk: 'Поле «{label}» обов’язкове.',
    es: '«{label}» es obligatorio.',
  },
  NOT_WRITABLE: {
    en: '{label} can not be changed.',
    ru: 'Поле «{label}» нельзя изменить.',
    uk: 'Поле «{label}» не можна змінити.',
    es: '«{label}» no se puede cambiar.',
  },
  NOT_WRITABLE_HERE: {
    en: '{label} can not be changed on this record.',
    ru: 'Поле «{label}» нельзя изменить в этой записи.',
    uk: 'Поле «{label}» не можна змінити в цьому записі.',
    es: '«{label}» no se puede cambiar en este registro.',
  },
  NOT_VISIBLE: {
    en: '{label} does not apply here.',
    ru: 'Поле «{label}» здесь не применяется.',
    uk: 'Поле «{label}» тут не застосовується.',
    es: '«{label}» no se aplica aquí.',
  },
  READ_ONLY: {
    en: '{label} can not be changed in this state.',
    ru: 'Поле «{label}» нельзя изменить в этом состоянии.',
    uk: 'Поле «{label}» не можна змінити в цьому стані.',
    es: '«{label}» no se puede cambiar en este estado.',
  },
  REFERENCE: {
    en: '{label} does not name a record that can be used here.',
    ru: 'Поле «{label}» не указывает на запись, которую можно использовать.',
    uk: 'Поле «{label}» не вказує на запис, який можна використати.',
    es: '«{label}» no indica un registro que se pueda usar aquí.',
  },
  CYCLE: {
    en: '{label} would make the record its own parent.',
    ru: 'Поле «{label}» сделало бы запись собственным родителем.',
    uk: 'Поле «{label}» зробило б запис власним предком.',
    es: '«{label}» haría que el registro fuera su propio padre.',
  },
  STATE_INITIAL: {
    en: '{label} can not begin with this value.',
    ru: 'Поле «{label}» не может начинаться с этого значения.',
    uk: 'Поле «{label}» не може починатися з цього значення.',
    es: '«{label}» no puede empezar con este valor.',
  },
  STATE_UNKNOWN: {
    en: '{label} does not have this value here.',
    ru: 'У поля «{label}» здесь нет такого значения.',
    uk: 'Поле «{label}» тут не має такого значення.',
    es: '«{label}» no tiene este valor aquí.',
  },
  TRANSITION: {
    en: '{label} can not change from “{from}” to “{to}”.',
    ru: 'Поле «{label}» нельзя перевести из «{from}» в «{to}».',
    uk: 'Поле «{label}» не можна перевести з «{from}» у «{to}».',
    es: '«{label}» no puede pasar de «{from}» a «{to}».',
  },
  GUARD: {
    en: '{label} can not become “{to}” yet.',
    ru: 'Поле «{label}» пока не может стать «{to}».',
    uk: 'Поле «{label}» поки не може стати «{to}».',
    es: '«{label}» aún no puede pasar a «{to}».',
  },
  RATE: {
    en: 'There is no exchange rate from {from} to {to} for {date}.',
    ru: 'Нет курса {from} к {to} на {date}.',
    uk: 'Немає курсу {from} до {to} на {date}.',
    es: 'No hay tipo de cambio de {from} a {to} para {date}.',
  },
  RANGE: {
    en: '{label} gets too large.',
    ru: 'Значение поля «{label}» слишком велико.',
    uk: 'Значення поля «{label}» завелике.',
    es: 'El valor de «{label}» es demasiado grande.',
  },
  FORMULA: {
    en: '{label} could not be computed.',
    ru: 'Поле «{label}» не удалось вычислить.',
    uk: 'Поле «{label}» не вдалося обчислити.',
    es: 'No se pudo calcular «{label}».',
  },
  NOT_POSSIBLE: {
    en: 'These values are not possible here.',
    ru: 'Такие значения здесь невозможны.',
    uk: 'Такі значення тут неможливі.',
    es: 'Estos valores no son posibles aquí.',
  },
  UNIQUE: {
    en: 'A record with the same values exists already: {labels}.',
    ru: 'Запись с такими же значениями уже есть: {labels}.',
    uk: 'Запис із такими самими значеннями вже є: {labels}.',
    es: 'Ya existe un registro con los mismos valores: {labels}.',
  },
  TABLE_ARRAY: {
    en: '{label} must be a list of lines.',
    ru: 'Поле «{label}» должно быть списком строк.',
    uk: 'Поле «{label}» має бути списком рядків.',
    es: '«{label}» debe ser una lista de líneas.',
  },
  TABLE_OPERATIONS: {
    en: '{label} is changed by create, update, delete and order.',
    ru: 'Поле «{label}» изменяется через create, update, delete и order.',
    uk: 'Поле «{label}» змінюється через create, update, delete та order.',
    es: '«{label}» se cambia con create, update, delete y order.',
  },
  TABLE_LINE: {
    en: 'A line of {label} needs the id (and for changes the version) of an existing line.',
    ru: 'Строке поля «{label}» нужны id (а для изменений и version) существующей строки.',
    uk: 'Рядку поля «{label}» потрібні id (а для змін і version) наявного рядка.',
    es: 'Una línea de «{label}» necesita el id (y para cambios la version) de una línea existente.',
  },
  TABLE_SIZE: {
    en: '{label} takes at most 500 lines at a time.',
    ru: 'Поле «{label}» принимает не более 500 строк за раз.',
    uk: 'Поле «{label}» приймає не більше 500 рядків за раз.',
    es: '«{label}» admite como máximo 500 líneas a la vez.',
  },
} as const satisfies Record<string, Record<Locale, string>>

export type Word = keyof typeof WORDS

/** A sentence in a locale with its placeholders filled. */
export function wordsOf(word: Word, locale: Locale, params: Readonly<Record<string, string>> = {}): Worded {
  return inReadersWords(fill(WORDS[word][locale], params))
}

/** A field's label in a locale, English where there is none. */
export function labelIn(labels: Labels, locale: Locale, fallback: string): string {
  return labels[locale] ?? labels['en'] ?? fallback
}

/** A problem about a field, named by its label. */
export function fieldProblem(
  field: CompiledField,
  what: Word | Refusal,
  pointer: string,
  locale: Locale,
  params: Readonly<Record<string, string>> = {},
): Problem {
  const label = labelIn(field.labels, locale, field.key)
  if (typeof what !== 'string')
    return { pointer, code: what.code, message: inReadersWords(`${label}: ${refusalWords(what, locale)}`), params: { ...what.params } }
  return {
    pointer,
    code: `VALIDATE_${what}`,
    message: wordsOf(what, locale, { label, ...params }),
    params: { field: field.key, ...params },
  }
}

/** What is said where the field that stands against it is none the caller may know. */
export function unspokenProblem(pointer: string, locale: Locale): Problem {
  return { pointer, code: 'VALIDATE_NOT_POSSIBLE', message: wordsOf('NOT_POSSIBLE', locale) }
}

function fill(text: string, params: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole)
}
