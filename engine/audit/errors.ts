/** What the audit refuses, in words. */
import { defineErrors } from '../kernel/errors.ts'

export const auditErrors = defineErrors('AUDIT', {
  CURSOR_REFUSED: {
    status: 422,
    title: 'This page can not be continued',
    message: () => 'The cursor belongs to another list.',
    hint: () => 'Begin with the first page and keep the filter while paging.',
    translations: {
      ru: {
        title: 'Эту страницу нельзя продолжить',
        message: () => 'Курсор относится к другому списку.',
        hint: () => 'Начните с первой страницы и не меняйте фильтр при переходе по страницам.',
      },
      uk: {
        title: 'Цю сторінку не можна продовжити',
        message: () => 'Курсор належить до іншого списку.',
        hint: () => 'Почніть із першої сторінки й не змінюйте фільтр під час гортання.',
      },
      es: {
        title: 'No se puede continuar esta página',
        message: () => 'El cursor pertenece a otra lista.',
        hint: () => 'Empiece por la primera página y mantenga el filtro mientras avanza.',
      },
    },
  },
})
