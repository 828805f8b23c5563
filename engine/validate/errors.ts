/** What validate refuses: a request that is understood but not valid, with one problem per place. */
import { defineErrors, type EngineError } from '../kernel/errors.ts'
import type { Problem } from '../../metadata/problem.ts'

export const validateErrors = defineErrors('VALIDATE', {
  FAILED: {
    status: 422,
    title: 'The record is not valid',
    message: (p: { count: number }) => (p.count === 1 ? '1 field needs attention.' : `${p.count} fields need attention.`),
  },
  QUERY_FAILED: {
    status: 422,
    title: 'The query is not valid',
    message: (p: { count: number }) =>
      p.count === 1 ? '1 part of the query can not be used.' : `${p.count} parts of the query can not be used.`,
  },
  SCHEMA_APART: {
    status: 500,
    title: 'The query could not be checked',
    message: () => 'The two checks of a query do not agree about this one. It was not run.',
    hint: () => 'Tell your administrator the trace id. A simpler query may work.',
    translations: {
      ru: {
        title: 'Запрос не удалось проверить',
        message: () => 'Две проверки запроса разошлись. Запрос не выполнялся.',
        hint: () => 'Сообщите администратору номер трассировки (trace_id). Более простой запрос может сработать.',
      },
      uk: {
        title: 'Запит не вдалося перевірити',
        message: () => 'Дві перевірки запиту розійшлися. Запит не виконувався.',
        hint: () => 'Повідомте адміністратору номер трасування (trace_id). Простіший запит може спрацювати.',
      },
      es: {
        title: 'No se pudo comprobar la consulta',
        message: () => 'Las dos comprobaciones de la consulta no coinciden. No se ha ejecutado.',
        hint: () => 'Comunique a su administrador el identificador trace_id. Una consulta más sencilla puede funcionar.',
      },
    },
  },
  CURSOR: {
    status: 422,
    title: 'This page can not be continued',
    message: () => 'The cursor is not valid for this query any more.',
    hint: () => 'Ask for the first page again.',
  },
})

/** Throws when anything is wrong with a query. */
export function requireQuery(problems: readonly Problem[]): void {
  if (problems.length > 0) throw queryFailed(problems)
}

export function queryFailed(problems: readonly Problem[]): EngineError {
  return validateErrors.QUERY_FAILED({ count: problems.length }, { errors: problems })
}
