/**
 * What a broken JSON Schema rule is called: code and sentence, in every language of the product.
 * Knows no schema; placeholders in braces are filled by the caller.
 */
import type { Locale } from './context.ts'

/** The rules that can be broken; a code is `VALIDATE_` or `MODEL_` and one of these. */
export type SchemaFault = keyof typeof ENGLISH

const ENGLISH = {
  REQUIRED: '{label} is required.',
  UNKNOWN_NAME: '“{name}” is not known here.',
  UNKNOWN_MEMBER: '“{name}” is no part of “{within}”.',
  TYPE: '{label} must be {type}.',
  MINIMUM: '{label} must be at least {limit}.',
  MAXIMUM: '{label} must be at most {limit}.',
  SCALE: '{label} may have at most {limit} digits after the point.',
  MIN_LENGTH: '{label} must have at least {limit} characters.',
  MAX_LENGTH: '{label} must have at most {limit} characters.',
  PATTERN: '{label} does not have the required form.',
  FORMAT: '{label} is not a valid {format}.',
  OPTION: '“{value}” is not possible for {label}.',
  MIN_ITEMS: '{label} needs at least {limit} entries.',
  MAX_ITEMS: '{label} may have at most {limit} entries.',
  UNIQUE_ITEMS: '{label} holds the same entry twice.',
  EMPTY: '{label} must not be empty.',
  MAX_PROPERTIES: '{label} has more than {limit} members.',
  NAME: '“{name}” can not be a name here.',
  RESERVED_WORD: '“{value}” is a reserved word.',
  UNKNOWN_OPERATOR: '“{name}” is not an operator.',
  SHAPE: '{label} does not have a permitted form.',
  NEAREST: 'Did you mean “{nearest}”?',
  ALLOWED: 'Possible: {allowed}.',
  DOCUMENT: 'The document',
} as const

const WORDS: Readonly<Record<Locale, Readonly<Record<SchemaFault, string>>>> = {
  en: ENGLISH,
  ru: {
    REQUIRED: 'Поле «{label}» обязательно.',
    UNKNOWN_NAME: 'Имя «{name}» здесь неизвестно.',
    UNKNOWN_MEMBER: 'Имя «{name}» не входит в «{within}».',
    TYPE: 'Поле «{label}» должно содержать {type}.',
    MINIMUM: 'Значение поля «{label}» должно быть не меньше {limit}.',
    MAXIMUM: 'Значение поля «{label}» должно быть не больше {limit}.',
    SCALE: 'В поле «{label}» допускается знаков после запятой: {limit}.',
    MIN_LENGTH: 'Наименьшая длина поля «{label}» в символах: {limit}.',
    MAX_LENGTH: 'Наибольшая длина поля «{label}» в символах: {limit}.',
    PATTERN: 'Значение поля «{label}» не соответствует требуемому виду.',
    FORMAT: 'Значение поля «{label}» не соответствует формату {format}.',
    OPTION: 'Значение «{value}» недопустимо для поля «{label}».',
    MIN_ITEMS: 'Наименьшее число значений в поле «{label}»: {limit}.',
    MAX_ITEMS: 'Наибольшее число значений в поле «{label}»: {limit}.',
    UNIQUE_ITEMS: 'В поле «{label}» одно значение указано дважды.',
    EMPTY: 'Поле «{label}» не может быть пустым.',
    MAX_PROPERTIES: 'Наибольшее число частей в поле «{label}»: {limit}.',
    NAME: 'Имя «{name}» здесь недопустимо.',
    RESERVED_WORD: 'Слово «{value}» зарезервировано.',
    UNKNOWN_OPERATOR: '«{name}» — не оператор.',
    SHAPE: 'Значение поля «{label}» имеет недопустимый вид.',
    NEAREST: 'Возможно, имелось в виду «{nearest}»?',
    ALLOWED: 'Возможные значения: {allowed}.',
    DOCUMENT: 'документ',
  },
  uk: {
    REQUIRED: 'Поле «{label}» обов’язкове.',
    UNKNOWN_NAME: 'Назва «{name}» тут невідома.',
    UNKNOWN_MEMBER: 'Назва «{name}» не входить до «{within}».',
    TYPE: 'Поле «{label}» має містити {type}.',
    MINIMUM: 'Значення поля «{label}» має бути не менше {limit}.',
    MAXIMUM: 'Значення поля «{label}» має бути не більше {limit}.',
    SCALE: 'У полі «{label}» дозволено знаків після коми: {limit}.',
    MIN_LENGTH: 'Найменша довжина поля «{label}» у символах: {limit}.',
    MAX_LENGTH: 'Найбільша довжина поля «{label}» у символах: {limit}.',
    PATTERN: 'Значення поля «{label}» не відповідає потрібному вигляду.',
    FORMAT: 'Значення поля «{label}» не відповідає формату {format}.',
    OPTION: 'Значення «{value}» недопустиме для поля «{label}».',
    MIN_ITEMS: 'Найменша кількість значень у полі «{label}»: {limit}.',
    MAX_ITEMS: 'Найбільша кількість значень у полі «{label}»: {limit}.',
    UNIQUE_ITEMS: 'У полі «{label}» одне значення вказано двічі.',
    EMPTY: 'Поле «{label}» не може бути порожнім.',
    MAX_PROPERTIES: 'Найбільша кількість частин у полі «{label}»: {limit}.',
    NAME: 'Назва «{name}» тут недопустима.',
    RESERVED_WORD: 'Слово «{value}» зарезервоване.',
    UNKNOWN_OPERATOR: '«{name}» — не оператор.',
    SHAPE: 'Значення поля «{label}» має недопустимий вигляд.',
    NEAREST: 'Можливо, малося на увазі «{nearest}»?',
    ALLOWED: 'Можливі значення: {allowed}.',
    DOCUMENT: 'документ',
  },
  es: {
    REQUIRED: 'El campo «{label}» es obligatorio.',
    UNKNOWN_NAME: 'El nombre «{name}» no se conoce aquí.',
    UNKNOWN_MEMBER: 'El nombre «{name}» no forma parte de «{within}».',
    TYPE: 'El campo «{label}» debe contener {type}.',
    MINIMUM: 'El valor de «{label}» debe ser al menos {limit}.',
    MAXIMUM: 'El valor de «{label}» debe ser como máximo {limit}.',
    SCALE: 'El campo «{label}» admite como máximo {limit} decimales.',
    MIN_LENGTH: 'El campo «{label}» debe tener al menos {limit} caracteres.',
    MAX_LENGTH: 'El campo «{label}» debe tener como máximo {limit} caracteres.',
    PATTERN: 'El valor de «{label}» no tiene la forma requerida.',
    FORMAT: 'El valor de «{label}» no tiene el formato {format}.',
    OPTION: 'El valor «{value}» no es posible para «{label}».',
    MIN_ITEMS: 'El campo «{label}» necesita al menos {limit} valores.',
    MAX_ITEMS: 'El campo «{label}» admite como máximo {limit} valores.',
    UNIQUE_ITEMS: 'El campo «{label}» contiene el mismo valor dos veces.',
    EMPTY: 'El campo «{label}» no puede estar vacío.',
    MAX_PROPERTIES: 'El campo «{label}» tiene más de {limit} partes.',
    NAME: 'El nombre «{name}» no se admite aquí.',
    RESERVED_WORD: 'La palabra «{value}» está reservada.',
    UNKNOWN_OPERATOR: '«{name}» no es un operador.',
    SHAPE: 'El valor de «{label}» no tiene una forma permitida.',
    NEAREST: '¿Quiso decir «{nearest}»?',
    ALLOWED: 'Posibles: {allowed}.',
    DOCUMENT: 'documento',
  },
}

const TYPES: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  en: {
    string: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
    object: 'an object',
    array: 'a list',
    null: 'empty',
  },
  ru: {
    string: 'текст',
    number: 'число',
    integer: 'целое число',
    boolean: 'true или false',
    object: 'объект',
    array: 'список',
    null: 'пустое значение',
  },
  uk: {
    string: 'текст',
    number: 'число',
    integer: 'ціле число',
    boolean: 'true або false',
    object: 'об’єкт',
    array: 'список',
    null: 'порожнє значення',
  },
  es: {
    string: 'un texto',
    number: 'un número',
    integer: 'un número entero',
    boolean: 'true o false',
    object: 'un objeto',
    array: 'una lista',
    null: 'un valor vacío',
  },
}

const OR: Readonly<Record<Locale, string>> = { en: ' or ', ru: ' или ', uk: ' або ', es: ' o ' }

/** One sentence, its placeholders filled. */
export function schemaWords(fault: SchemaFault, locale: Locale, params: Readonly<Record<string, string | number>>): string {
  return WORDS[locale][fault].replace(/\{(\w+)\}/g, (_whole, name: string) => String(params[name] ?? ''))
}

/** The words for JSON types: "text or a number". */
export function typeWords(types: readonly string[], locale: Locale): string {
  return types.map(type => TYPES[locale][type] ?? type).join(OR[locale])
}
