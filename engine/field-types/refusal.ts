/**
 * What field types say against a value: code, parameters and an English sentence without a subject, one list of them all.
 * The validate room adds the field's label and the caller's language; this file knows neither.
 */

/** Every code with its sentence; `{name}` stands for a parameter. */
export const REFUSAL_MESSAGES = {
  VALIDATE_TYPE: 'Must be {expected}.',
  VALIDATE_TEXT: 'Holds characters that can not be stored.',
  VALIDATE_EMPTY: 'Must not be an empty text; leave it out or send null.',
  VALIDATE_MIN_LENGTH: 'Must have at least {minimum} characters.',
  VALIDATE_MAX_LENGTH: 'Must have at most {maximum} characters.',
  VALIDATE_PATTERN: 'Does not have the required form.',
  VALIDATE_EMAIL: 'Must be an e-mail address such as name@example.com.',
  VALIDATE_PHONE: 'Must be a phone number such as +49 30 123456.',
  VALIDATE_URL: 'Must be a web address that starts with http:// or https:// and holds no password.',
  VALIDATE_INTEGER: 'Must be a whole number.',
  VALIDATE_DECIMAL: 'Must be a number such as 1250.5, sent as text.',
  VALIDATE_SCALE: 'Must have at most {scale} digits after the point.',
  VALIDATE_DIGITS: 'Must have at most {digits} digits before the point.',
  VALIDATE_MINIMUM: 'Must be at least {minimum}.',
  VALIDATE_MAXIMUM: 'Must be at most {maximum}.',
  VALIDATE_DATE: 'Must be a day of the calendar, YYYY-MM-DD.',
  VALIDATE_DATETIME: 'Must be a time such as 2026-05-01T14:30:00Z.',
  VALIDATE_OPTION: '“{value}” is not one of the options.',
  VALIDATE_ID: 'Must be the id of a record.',
  VALIDATE_DUPLICATE: '“{value}” stands there twice.',
  VALIDATE_MIN_ITEMS: 'Must have at least {minimum} entries.',
  VALIDATE_MAX_ITEMS: 'Must have at most {maximum} entries.',
  VALIDATE_UNKNOWN_PART: '“{part}” is not a part of it.',
  VALIDATE_REQUIRED_PART: '“{part}” must be there.',
  VALIDATE_COUNTRY: '“{value}” is not a two-letter country code (ISO 3166-1).',
  VALIDATE_JSON: 'Is not JSON that can be stored.',
  VALIDATE_JSON_SIZE: 'Must not be larger than {maximum} bytes.',
  VALIDATE_JSON_DEPTH: 'Must not be nested deeper than {maximum} levels.',
  VALIDATE_CELL_NUMBER: '“{text}” is not a number as it is written here, such as {example}.',
  VALIDATE_CELL_NUMBER_AMBIGUOUS: '“{text}” can be read as two numbers; write it without separators between thousands.',
  VALIDATE_CELL_BOOLEAN: '“{text}” is neither yes nor no.',
  VALIDATE_CELL_DATE: '“{text}” is not a day; write YYYY-MM-DD.',
  VALIDATE_CELL_DATE_AMBIGUOUS: '“{text}” can be read as two days; write YYYY-MM-DD.',
  VALIDATE_CELL_TIME: '“{text}” is not a time; write YYYY-MM-DD HH:MM.',
  VALIDATE_CELL_TIME_AMBIGUOUS: '“{text}” happens twice when clocks go back; add the offset, such as +02:00.',
  VALIDATE_CELL_TIME_SKIPPED: '“{text}” never happens, clocks are put forward over it.',
  VALIDATE_CELL_OPTION_AMBIGUOUS: '“{text}” is the name of several options; write the value itself.',
  VALIDATE_CELL_LIST: '“{text}” is not a list: a quotation mark is not closed.',
  VALIDATE_CELL_NAME_AMBIGUOUS: '“{text}” can be read as several names; write “Last name, First name”.',
} as const

export type RefusalCode = keyof typeof REFUSAL_MESSAGES

/** Why a value is refused; `pointer` leads from the value to the part of it that is wrong. */
export interface Refusal {
  readonly ok: false
  readonly code: RefusalCode
  readonly message: string
  readonly params: Readonly<Record<string, string | number>>
  readonly pointer: string
}

/** What a value has to be in JSON, as a person would say it; the name of the type stays in the parameters. */
export const JSON_TYPES = {
  string: 'a text, in quotation marks',
  boolean: 'true or false',
  integer: 'a whole number, without quotation marks',
  array: 'a list',
  object: 'an object with its parts',
} as const

export type JsonType = keyof typeof JSON_TYPES

/** Refuses a value of another JSON type; types that look like another one show what they look like. */
export function wrongType(expected: JsonType, example?: string): Refusal {
  const shown = example === undefined ? '' : `, such as ${JSON.stringify(example)}`
  return {
    ...refuse('VALIDATE_TYPE', example === undefined ? { expected } : { expected, example }),
    message: REFUSAL_MESSAGES.VALIDATE_TYPE.replace('{expected}', `${JSON_TYPES[expected]}${shown}`),
  }
}

/** Refuses a value. Long texts are cut before they are quoted. */
export function refuse(code: RefusalCode, params: Readonly<Record<string, string | number>> = {}, pointer = ''): Refusal {
  const shown = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? cut(value) : value]))
  const message = REFUSAL_MESSAGES[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(shown[name] ?? ''))
  return { ok: false, code, message, params: shown, pointer }
}

/** The same refusal, one level further out. */
export function within(part: string | number, refusal: Refusal): Refusal {
  return { ...refusal, pointer: `/${part}${refusal.pointer}` }
}

function cut(text: string): string {
  const characters = [...text.slice(0, 200).toWellFormed()]
  return characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : characters.join('')
}
