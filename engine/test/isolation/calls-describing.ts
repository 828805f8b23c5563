/** Requests about the model, the caller and the house: what exists for him, in which words. */
import type { CallerView, Step } from './caller-view.ts'

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Step => ({
  name: `GET ${path} ${JSON.stringify(headers)}`,
  request: { method: 'GET', path, headers },
})

/** `GET /api/model`. */
export const modelCalls = (): Step[] => [get('/api/model'), get('/api/model', { 'accept-language': 'uk' })]

/** `GET /api/openapi.json`: the same for whoever asks twice, in his language or another, and never by the tag of somebody else. */
export const openApiCalls = (): Step[] => [
  get('/api/openapi.json'),
  get('/api/openapi.json', { 'accept-language': 'uk' }),
  get('/api/openapi.json', { 'if-none-match': '"of-somebody-else"' }),
]

/** `GET /api/model/:entity/form`. */
export function formCalls(view: CallerView): Step[] {
  return [...view.entities.map(entity => entity.key), ...view.absent].flatMap(key =>
    ['create', 'edit', 'view'].map(mode => get(`/api/model/${key}/form?mode=${mode}`)),
  )
}

/** `GET /api/types.ts`. */
export const typesCalls = (): Step[] => [get('/api/types.ts')]

/** Routes that take nothing. */
export const plainCalls = (path: string) => (): Step[] => [get(path)]
