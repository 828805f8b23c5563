/**
 * The one error of the engine and how a room declares its catalogue of them.
 * An error knows its HTTP status and its public words; it never carries database text, stacks or other callers' names.
 */
import type { Problem } from '../../metadata/problem.ts'
import type { Locale } from './context.ts'

/** What an error says in one language. */
export interface ErrorWords<P> {
  readonly title: string
  readonly message: (params: P) => string
  readonly hint?: (params: P) => string | undefined
}

/** One catalogue entry: what an error of this code says, in English; `translations` hold every other language of the product. */
export interface ErrorDefinition<P> extends ErrorWords<P> {
  readonly status: number
  readonly translations: Readonly<Record<Exclude<Locale, 'en'>, ErrorWords<P>>>
}

/** The words of one error in one language, ready for a problem document. */
export interface SpokenError {
  readonly title: string
  readonly detail: string
  readonly hint: string | undefined
}

/** What may accompany an error besides its parameters. */
export interface ErrorExtras {
  readonly errors?: readonly Problem[]
  readonly headers?: Readonly<Record<string, string>>
  /** Members added to the problem document, e.g. the current version of a 412. */
  readonly members?: Readonly<Record<string, unknown>>
  /** For the log only, never on the wire. */
  readonly cause?: unknown
}

/** The only error class that reaches the door; anything else is answered as an internal error without details. */
export class EngineError extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly hint: string | undefined
  readonly errors: readonly Problem[]
  readonly headers: Readonly<Record<string, string>>
  readonly members: Readonly<Record<string, unknown>>
  /** The same error in another language. */
  readonly speak: (locale: Locale) => SpokenError

  constructor(code: string, status: number, speak: (locale: Locale) => SpokenError, extras: ErrorExtras) {
    const { title, detail, hint } = speak('en')
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause })
    this.speak = speak
    this.name = 'EngineError'
    this.code = code
    this.status = status
    this.title = title
    this.hint = hint
    this.errors = extras.errors ?? []
    this.headers = extras.headers ?? {}
    this.members = extras.members ?? {}
  }
}

type Params<D> = D extends ErrorDefinition<infer P> ? P : never
type Makers<D> = { readonly [K in keyof D]: (params: Params<D[K]>, extras?: ErrorExtras) => EngineError }

const catalogue = new Map<string, ErrorDefinition<never>>()

/** Declares the errors of one room: code → definition. The code on the wire is `<PREFIX>_<KEY>`, or the bare key for an empty prefix. */
export function defineErrors<D extends Record<string, ErrorDefinition<never>>>(prefix: string, definitions: D): Makers<D> {
  const makers: Record<string, (params: never, extras?: ErrorExtras) => EngineError> = {}
  for (const [key, definition] of Object.entries(definitions)) {
    const code = prefix === '' ? key : `${prefix}_${key}`
    if (catalogue.has(code)) throw new Error(`The error code ${code} is declared twice.`)
    catalogue.set(code, definition)
    makers[key] = (params, extras = {}) => new EngineError(code, definition.status, locale => speak(definition, params, locale), extras)
  }
  return makers as Makers<D>
}

function speak(definition: ErrorDefinition<never>, params: never, locale: Locale): SpokenError {
  const words = locale === 'en' ? definition : definition.translations[locale]
  return { title: words.title, detail: words.message(params), hint: words.hint?.(params) }
}

/** Every declared code with its status, its title and its words in every language, sorted by code: the source of the reference page. */
export function listErrorCodes(): {
  code: string
  status: number
  title: string
  titles: Readonly<Record<Locale, string>>
  words: readonly ErrorWords<never>[]
}[] {
  return [...catalogue]
    .map(([code, definition]) => ({
      code,
      status: definition.status,
      title: definition.title,
      titles: {
        en: definition.title,
        ru: definition.translations.ru.title,
        uk: definition.translations.uk.title,
        es: definition.translations.es.title,
      },
      words: [definition, ...Object.values(definition.translations)],
    }))
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** Errors that belong to no single station. `NOT_FOUND` is also the answer for everything the caller may not know of. */
export const commonErrors = defineErrors('', {
  NOT_FOUND: {
    status: 404,
    title: 'Not found',
    message: () => 'There is nothing here that you may see.',
    translations: {
      ru: { title: 'Не найдено', message: () => 'Здесь нет ничего, что вам разрешено видеть.' },
      uk: { title: 'Не знайдено', message: () => 'Тут немає нічого, що вам дозволено бачити.' },
      es: { title: 'No encontrado', message: () => 'Aquí no hay nada que usted pueda ver.' },
    },
  },
  INTERNAL: {
    status: 500,
    title: 'Something went wrong on our side',
    message: () => 'The request could not be completed. Nothing was changed.',
    hint: () => 'Tell your administrator the trace id.',
    translations: {
      ru: {
        title: 'Ошибка на нашей стороне',
        message: () => 'Запрос не удалось выполнить. Ничего не изменено.',
        hint: () => 'Сообщите администратору номер трассировки (trace_id).',
      },
      uk: {
        title: 'Помилка на нашому боці',
        message: () => 'Запит не вдалося виконати. Нічого не змінено.',
        hint: () => 'Повідомте адміністратору номер трасування (trace_id).',
      },
      es: {
        title: 'Se produjo un error por nuestra parte',
        message: () => 'No se pudo completar la solicitud. No se ha cambiado nada.',
        hint: () => 'Comunique a su administrador el identificador trace_id.',
      },
    },
  },
})
