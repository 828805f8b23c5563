/**
 * What can go wrong with an expression that is not exact arithmetic. Messages of JSONata itself go to whoever wrote the
 * expression; values of records never do.
 */
import { defineErrors } from '../kernel/errors.ts'

type Failure = { reason: string; message: string }
type Wall = { timeout_ms: number }
type Heap = { heap_mb: number }
type Allowance = { allowance_ms: number }
type Size = { side: 'input' | 'output'; limit: number }

/** The catalogue of this room. */
export const expressionErrors = defineErrors('EXPRESSION', {
  INVALID: {
    status: 422,
    title: 'The expression is not valid',
    message: () => 'The expression can not be used as it is.',
    translations: {
      ru: { title: 'Выражение неверно', message: () => 'Выражение нельзя использовать в таком виде.' },
      uk: { title: 'Вираз неправильний', message: () => 'Вираз не можна використати в такому вигляді.' },
      es: { title: 'La expresión no es válida', message: () => 'La expresión no se puede usar tal como está.' },
    },
  },
  FAILED: {
    status: 422,
    title: 'The expression failed',
    message: (p: Failure) => `The expression could not be computed: ${p.message}`,
    translations: {
      ru: { title: 'Ошибка в выражении', message: (p: Failure) => `Выражение не удалось вычислить: ${p.message}` },
      uk: { title: 'Помилка у виразі', message: (p: Failure) => `Вираз не вдалося обчислити: ${p.message}` },
      es: { title: 'La expresión falló', message: (p: Failure) => `No se pudo calcular la expresión: ${p.message}` },
    },
  },
  TIMEOUT: {
    status: 422,
    title: 'The expression took too long',
    message: (p: Wall) => `The expression was stopped after ${p.timeout_ms} ms.`,
    translations: {
      ru: { title: 'Выражение выполнялось слишком долго', message: (p: Wall) => `Выражение остановлено через ${p.timeout_ms} мс.` },
      uk: { title: 'Вираз виконувався надто довго', message: (p: Wall) => `Вираз зупинено через ${p.timeout_ms} мс.` },
      es: { title: 'La expresión tardó demasiado', message: (p: Wall) => `La expresión se detuvo tras ${p.timeout_ms} ms.` },
    },
  },
  EXHAUSTED: {
    status: 422,
    title: 'The expression needs too much memory',
    message: (p: Heap) => `The expression was stopped: it needed more than ${p.heap_mb} MB.`,
    translations: {
      ru: {
        title: 'Выражению нужно слишком много памяти',
        message: (p: Heap) => `Выражение остановлено: ему нужно больше ${p.heap_mb} МБ.`,
      },
      uk: { title: 'Виразу потрібно забагато пам’яті', message: (p: Heap) => `Вираз зупинено: йому потрібно понад ${p.heap_mb} МБ.` },
      es: {
        title: 'La expresión necesita demasiada memoria',
        message: (p: Heap) => `La expresión se detuvo: necesitaba más de ${p.heap_mb} MB.`,
      },
    },
  },
  OVERSPENT: {
    status: 422,
    title: 'The expressions took too long together',
    message: (p: Allowance) => `The values of one request may take ${p.allowance_ms} ms together. Send fewer records at once.`,
    translations: {
      ru: {
        title: 'Выражения вместе выполнялись слишком долго',
        message: (p: Allowance) => `На значения одного запроса отводится ${p.allowance_ms} мс. Отправьте меньше записей за раз.`,
      },
      uk: {
        title: 'Вирази разом виконувалися надто довго',
        message: (p: Allowance) => `На значення одного запиту відводиться ${p.allowance_ms} мс. Надішліть менше записів за раз.`,
      },
      es: {
        title: 'Las expresiones tardaron demasiado en conjunto',
        message: (p: Allowance) =>
          `Los valores de una solicitud disponen de ${p.allowance_ms} ms en total. Envíe menos registros a la vez.`,
      },
    },
  },
  TOO_LARGE: {
    status: 422,
    title: 'Too much data for an expression',
    message: (p: Size) => `The ${p.side} of an expression may have ${p.limit} bytes.`,
    translations: {
      ru: { title: 'Слишком много данных для выражения', message: (p: Size) => `Данные выражения ограничены ${p.limit} байтами.` },
      uk: { title: 'Забагато даних для виразу', message: (p: Size) => `Дані виразу обмежені ${p.limit} байтами.` },
      es: {
        title: 'Demasiados datos para una expresión',
        message: (p: Size) => `Los datos de una expresión pueden tener ${p.limit} bytes.`,
      },
    },
  },
  BUSY: {
    status: 503,
    title: 'Too many expressions at once',
    message: () => 'Too many expressions of this workspace are waiting to be computed. Try again shortly.',
    translations: {
      ru: { title: 'Слишком много выражений', message: () => 'Слишком много выражений ждут вычисления. Повторите чуть позже.' },
      uk: { title: 'Забагато виразів', message: () => 'Забагато виразів чекають на обчислення. Повторіть трохи згодом.' },
      es: {
        title: 'Demasiadas expresiones a la vez',
        message: () => 'Demasiadas expresiones esperan su cálculo. Inténtelo de nuevo en breve.',
      },
    },
  },
  UNAVAILABLE: {
    status: 503,
    title: 'Expressions can not be computed now',
    message: () => 'The process that computes expressions could not be used. Try again shortly.',
    translations: {
      ru: { title: 'Выражения сейчас не вычисляются', message: () => 'Процесс вычисления выражений недоступен. Повторите чуть позже.' },
      uk: { title: 'Вирази зараз не обчислюються', message: () => 'Процес обчислення виразів недоступний. Повторіть трохи згодом.' },
      es: {
        title: 'Ahora no se pueden calcular expresiones',
        message: () => 'El proceso que calcula expresiones no está disponible. Inténtelo de nuevo en breve.',
      },
    },
  },
})
