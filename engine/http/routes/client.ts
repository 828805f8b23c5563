/** The typed client, for whoever writes a program: `curl -O` and import it. Open, as what it does is public. */
import { clientFile } from '../client-files.ts'
import type { Route } from '../route.ts'

export const clientRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/client.js',
    access: 'open',
    handler: clientFile('client.js', 'text/javascript; charset=utf-8'),
  },
  {
    method: 'GET',
    path: '/api/client.d.ts',
    access: 'open',
    handler: clientFile('client.d.ts', 'text/plain; charset=utf-8'),
  },
]
