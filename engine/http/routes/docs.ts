/** The page that tries the API in a browser, with all it is made of: ours, and Swagger UI as its package has it. Open, for it knows nothing of anybody. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { commonErrors } from '../../kernel/errors.ts'
import type { Route } from '../route.ts'

const own = join(import.meta.dirname, '../docs-page')

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'

/** Every file of the page; nothing else is looked for on the disk. */
const FILES: ReadonlyMap<string, { readonly from: 'own' | 'package'; readonly type: string }> = new Map([
  ['docs.js', { from: 'own', type: SCRIPT }],
  ['docs.css', { from: 'own', type: STYLE }],
  ['swagger-ui-bundle.js', { from: 'package', type: SCRIPT }],
  ['swagger-ui.css', { from: 'package', type: STYLE }],
])

/** Where the package is; looked up when somebody opens the page, not at every start. */
function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
}

const FOR_AN_HOUR = { 'cache-control': 'public, max-age=3600' }

export const docsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/docs',
    access: 'open',
    handler: async () => ({
      text: { type: 'text/html; charset=utf-8', body: await readFile(join(own, 'page.html'), 'utf8') },
      headers: { 'cache-control': 'no-cache' },
    }),
  },
  {
    method: 'GET',
    path: '/api/docs/:file',
    access: 'open',
    handler: async ({ params }) => {
      const name = params['file'] ?? ''
      const file = FILES.get(name)
      if (file === undefined) throw commonErrors.NOT_FOUND({})
      const folder = file.from === 'own' ? own : packageFolder()
      return { stream: createReadStream(join(folder, name)), headers: { ...FOR_AN_HOUR, 'content-type': file.type } }
    },
  },
]
