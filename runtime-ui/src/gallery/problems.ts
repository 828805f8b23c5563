/** Refusals as the engine words them, for the states of the gallery. */
import { Problem } from '../api/client.ts'

export const refused = new Problem({
  type: '',
  title: 'Sign-in refused',
  status: 401,
  code: 'IDENTITY_REFUSED',
  detail: 'The workspace, e-mail or password is not right.',
})
export const broken = new Problem({
  type: '',
  title: 'Something went wrong on our side',
  status: 500,
  code: 'INTERNAL',
  detail: 'The request could not be completed. Nothing was changed.',
  hint: 'Tell your administrator the trace id.',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
})
export const forbidden = new Problem({
  type: '',
  title: 'Not allowed',
  status: 403,
  code: 'ACCESS_OPERATION',
  detail: 'You may read deals, but not export them.',
})
export const missing = new Problem({ type: '', title: 'Not found', status: 404, code: 'NOT_FOUND' })
