/** What is said of single rows of a file, in the caller's language and with the labels he knows. */
import type { Problem } from '../../metadata/problem.ts'
import { spoken } from '../../metadata/said.ts'
import { translate } from '../../metadata/translate.ts'
import type { Locale, RequestContext } from '../kernel/context.ts'
import type { CompiledField } from '../model/types.ts'

const WORDS = {
  ROW_LENGTH: {
    en: 'The row has {found} cells, the row of names {expected}.',
    ru: 'В строке {found} ячеек, а столбцов {expected}.',
    uk: 'У рядку {found} клітинок, а стовпців {expected}.',
    es: 'La fila tiene {found} celdas y hay {expected} columnas.',
  },
  NULL_TEXT: {
    en: '“{text}” is a word for nothing; say in the map what is meant: "values": {"{text}": null}.',
    ru: '«{text}» означает пустое значение; укажите в карте, что имеется в виду: "values": {"{text}": null}.',
    uk: '«{text}» означає порожнє значення; вкажіть у карті, що мається на увазі: "values": {"{text}": null}.',
    es: '«{text}» significa nada; indique en el mapa qué se quiere decir: "values": {"{text}": null}.',
  },
  LINE_BREAK: {
    en: 'The cell holds a line break, {label} takes one line.',
    ru: 'В ячейке есть перевод строки, а поле «{label}» — в одну строку.',
    uk: 'У клітинці є перенесення рядка, а поле «{label}» — в один рядок.',
    es: 'La celda contiene un salto de línea; {label} admite una sola línea.',
  },
  ENCODING: {
    en: 'The cell holds bytes that are no characters in {encoding}.',
    ru: 'В ячейке есть байты, которые не являются символами {encoding}.',
    uk: 'У клітинці є байти, які не є символами {encoding}.',
    es: 'La celda contiene bytes que no son caracteres en {encoding}.',
  },
  LOOKUP_MISSING: {
    en: '{label}: there is no {target} with {by} “{text}”.',
    ru: '{label}: нет записи «{target}», у которой {by} — «{text}».',
    uk: '{label}: немає запису «{target}», у якого {by} — «{text}».',
    es: '{label}: no hay {target} con {by} «{text}».',
  },
  LOOKUP_AMBIGUOUS: {
    en: '{label}: {by} “{text}” fits several records of {target}.',
    ru: '{label}: {by} «{text}» подходит нескольким записям «{target}».',
    uk: '{label}: {by} «{text}» підходить кільком записам «{target}».',
    es: '{label}: {by} «{text}» corresponde a varios registros de {target}.',
  },
  MATCH_EMPTY: {
    en: 'The row is empty where records are recognised: {label}.',
    ru: 'Строка пуста там, где распознаются записи: {label}.',
    uk: 'Рядок порожній там, де розпізнаються записи: {label}.',
    es: 'La fila está vacía donde se reconocen los registros: {label}.',
  },
  MATCH_AMBIGUOUS: {
    en: 'Several records have these values: {label}.',
    ru: 'Таких записей несколько: {label}.',
    uk: 'Таких записів кілька: {label}.',
    es: 'Varios registros tienen estos valores: {label}.',
  },
  MATCH_MISSING: {
    en: 'There is no such record to change: {label}.',
    ru: 'Нет такой записи для изменения: {label}.',
    uk: 'Немає такого запису для зміни: {label}.',
    es: 'No hay tal registro que cambiar: {label}.',
  },
  MATCH_EXISTS: {
    en: 'Such a record is there already: {label}.',
    ru: 'Такая запись уже есть: {label}.',
    uk: 'Такий запис уже є: {label}.',
    es: 'Ya existe tal registro: {label}.',
  },
  DUPLICATE_ROW: {
    en: 'Row {row} is about the same record.',
    ru: 'Строка {row} относится к той же записи.',
    uk: 'Рядок {row} стосується того самого запису.',
    es: 'La fila {row} trata del mismo registro.',
  },
  WITHOUT_REFERENCE: {
    en: 'The record is there, but without {label}.',
    ru: 'Запись есть, но без значения «{label}».',
    uk: 'Запис є, але без значення «{label}».',
    es: 'El registro está, pero sin {label}.',
  },
  CHANGED_SINCE: {
    en: 'The record has been changed since the import.',
    ru: 'Запись изменена после импорта.',
    uk: 'Запис змінено після імпорту.',
    es: 'El registro ha cambiado desde la importación.',
  },
} as const satisfies Record<string, Record<Locale, string>>

export type RowWord = keyof typeof WORDS

/** What is wrong with a row, or with one of its cells. */
export interface RowProblem {
  /** The column as the map names it; null for the row as a whole. */
  readonly column: string | null
  readonly code: string
  readonly message: string
}

/** A problem of a row in words. */
export function rowProblem(word: RowWord, locale: Locale, column: string | null, params: Readonly<Record<string, string>>): RowProblem {
  const message = WORDS[word][locale].replace(/\{(\w+)\}/g, (whole, name: string) =>
    params[name] === undefined ? whole : cut(params[name]),
  )
  return { column, code: `TRANSFER_${word}`, message }
}

/** A field or entity as its label in the caller's language. */
export function labelOf({ caller }: Pick<RequestContext, 'caller'>, { labels, key }: Pick<CompiledField, 'labels' | 'key'>): string {
  return labels[caller.locale] ?? labels['en'] ?? key
}

/** A problem of a record as one of the row it came from, in the language of whoever imports. */
export function fromProblem(problem: Problem, column: string | null, locale: Locale): RowProblem {
  return { column, code: problem.code, message: spoken(problem, locale, translate).message }
}

function cut(text: string): string {
  const characters = [...text.slice(0, 300).toWellFormed()]
  return characters.length > 120 ? `${characters.slice(0, 120).join('')}…` : characters.join('')
}
