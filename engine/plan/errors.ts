/** What plan refuses. */
import { defineErrors } from '../kernel/errors.ts'

export const planErrors = defineErrors('PLAN', {
  TOO_EXPENSIVE: {
    status: 422,
    title: 'This query is too expensive',
    message: (p: { cost: number; cap: number }) => `The query would cost ${p.cost} units, over the limit max_cost = ${p.cap}.`,
    hint: () => 'Ask for fewer rows, includes or related conditions.',
  },
  TOO_MANY_GROUPS: {
    status: 422,
    title: 'There are too many groups',
    message: (p: { cap: number }) => `The answer would have more groups than max_groups = ${p.cap}.`,
    hint: () => 'Group by fewer fields or filter more.',
  },
})
