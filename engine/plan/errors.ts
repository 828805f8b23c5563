/** What plan refuses. */
import { defineErrors } from '../kernel/errors.ts'
import { say } from '../kernel/say.ts'

interface Cap {
  readonly cap: number
}
interface Cost extends Cap {
  readonly cost: number
}

export const planErrors = defineErrors('PLAN', {
  TOO_EXPENSIVE: {
    status: 422,
    title: 'This query is too expensive',
    message: (p: Cost) => `The query would cost ${p.cost} units, over the limit max_cost = ${p.cap}.`,
    hint: () => 'Ask for fewer rows, includes or related conditions.',
    translations: say<Cost>(
      [
        'Этот запрос слишком дорог',
        p => `Запрос обошёлся бы в ${p.cost} единиц, предел max_cost = ${p.cap}.`,
        'Запросите меньше строк, вложений или условий по связанным записям.',
      ],
      [
        'Цей запит задорогий',
        p => `Запит коштував би ${p.cost} одиниць, межа max_cost = ${p.cap}.`,
        'Запитайте менше рядків, вкладень або умов за пов’язаними записами.',
      ],
      [
        'Esta consulta es demasiado costosa',
        p => `La consulta costaría ${p.cost} unidades, por encima del límite max_cost = ${p.cap}.`,
        'Pida menos filas, inclusiones o condiciones sobre registros relacionados.',
      ],
    ),
  },
  TOO_MANY_GROUPS: {
    status: 422,
    title: 'There are too many groups',
    message: (p: Cap) => `The answer would have more groups than max_groups = ${p.cap}.`,
    hint: () => 'Group by fewer fields or filter more.',
    translations: say<Cap>(
      [
        'Слишком много групп',
        p => `В ответе было бы больше групп, чем max_groups = ${p.cap}.`,
        'Группируйте по меньшему числу полей или добавьте условий.',
      ],
      [
        'Забагато груп',
        p => `У відповіді було б більше груп, ніж max_groups = ${p.cap}.`,
        'Групуйте за меншою кількістю полів або додайте умов.',
      ],
      ['Hay demasiados grupos', p => `La respuesta tendría más grupos que max_groups = ${p.cap}.`, 'Agrupe por menos campos o filtre más.'],
    ),
  },
})
