/** What validate refuses: a request that is understood but not valid, with one problem per place. */
import { defineErrors, type EngineError } from '../kernel/errors.ts'
import { say } from '../kernel/say.ts'
import type { Problem } from '../../metadata/problem.ts'

interface Count {
  readonly count: number
}

export const validateErrors = defineErrors('VALIDATE', {
  FAILED: {
    status: 422,
    title: 'The record is not valid',
    message: (p: Count) => (p.count === 1 ? '1 field needs attention.' : `${p.count} fields need attention.`),
    translations: say<Count>(
      ['Запись не проходит проверку', p => `Требуют внимания полей: ${p.count}.`],
      ['Запис не проходить перевірку', p => `Потребують уваги полів: ${p.count}.`],
      ['El registro no es válido', p => `Campos que requieren atención: ${p.count}.`],
    ),
  },
  QUERY_FAILED: {
    status: 422,
    title: 'The query is not valid',
    message: (p: Count) => (p.count === 1 ? '1 part of the query can not be used.' : `${p.count} parts of the query can not be used.`),
    translations: say<Count>(
      ['Запрос не проходит проверку', p => `Частей запроса, которые нельзя использовать: ${p.count}.`],
      ['Запит не проходить перевірку', p => `Частин запиту, які не можна використати: ${p.count}.`],
      ['La consulta no es válida', p => `Partes de la consulta que no se pueden usar: ${p.count}.`],
    ),
  },
  SCHEMA_APART: {
    status: 500,
    title: 'The query could not be checked',
    message: () => 'The two checks of a query do not agree about this one. It was not run.',
    hint: () => 'Tell your administrator the trace id. A simpler query may work.',
    translations: say<unknown>(
      [
        'Запрос не удалось проверить',
        'Две проверки запроса разошлись. Запрос не выполнялся.',
        'Сообщите администратору номер трассировки (trace_id). Более простой запрос может сработать.',
      ],
      [
        'Запит не вдалося перевірити',
        'Дві перевірки запиту розійшлися. Запит не виконувався.',
        'Повідомте адміністратору номер трасування (trace_id). Простіший запит може спрацювати.',
      ],
      [
        'No se pudo comprobar la consulta',
        'Las dos comprobaciones de la consulta no coinciden. No se ha ejecutado.',
        'Comunique a su administrador el identificador trace_id. Una consulta más sencilla puede funcionar.',
      ],
    ),
  },
  CURSOR: {
    status: 422,
    title: 'This page can not be continued',
    message: () => 'The cursor is not valid for this query any more.',
    hint: () => 'Ask for the first page again.',
    translations: say<unknown>(
      ['Эту страницу нельзя продолжить', 'Курсор больше не подходит к этому запросу.', 'Запросите первую страницу заново.'],
      ['Цю сторінку не можна продовжити', 'Курсор більше не підходить до цього запиту.', 'Запитайте першу сторінку знову.'],
      ['No se puede continuar esta página', 'El cursor ya no es válido para esta consulta.', 'Pida de nuevo la primera página.'],
    ),
  },
})

/** Throws when anything is wrong with a query. */
export function requireQuery(problems: readonly Problem[]): void {
  if (problems.length > 0) throw queryFailed(problems)
}

export function queryFailed(problems: readonly Problem[]): EngineError {
  return validateErrors.QUERY_FAILED({ count: problems.length }, { errors: problems })
}
