/** What the model room refuses. */
import { defineErrors } from '../kernel/errors.ts'

export const modelErrors = defineErrors('MODEL', {
  UNAVAILABLE: {
    status: 503,
    title: 'The model can not be loaded',
    message: () => 'The metadata of this tenant can not be loaded at the moment.',
    hint: () => 'Try again in a moment; tell your administrator if it lasts.',
  },
  UNKNOWN_PACK: {
    status: 422,
    title: 'There is no such pack',
    message: (p: { pack: string; known: readonly string[] }) => `There is no pack “${p.pack}”.`,
    hint: (p: { pack: string; known: readonly string[] }) => `Known packs: ${p.known.join(', ')}.`,
  },
})
