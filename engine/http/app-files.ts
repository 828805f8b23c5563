/**
 * Serves the built apps: files as they are, every other address of an app by its one page. Assets carry a hash in their name and are kept for a
 * year; the page is asked for again each time. Knows no route; what is not a file of a build is never looked for on the disk.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** A built app and the address it lives under, `/` or `/studio/`. */
export interface AppFiles {
  readonly prefix: string
  readonly root: string
}

/** Answers an address of an app; false when it is none of theirs. */
export type AppServer = (request: FastifyRequest, reply: FastifyReply) => boolean

/** What files of apps are called where requests are counted: one name for all of them. */
export const APP_ROUTE = { method: 'GET', path: '/*' } as const

// Addresses of the program itself: what is wrong there is a problem document, never a page.
const OWN = /^\/(?:api|content|health|version|metrics|problems)(?:\/|$)/

/** Registers the file server; apps that have not been built are left out. */
export async function serveApps(
  app: FastifyInstance,
  apps: readonly AppFiles[],
  headers: Readonly<Record<string, string>>,
): Promise<AppServer> {
  const built = apps
    .filter(({ root }) => existsSync(join(root, 'index.html')))
    .sort((a, b) => b.prefix.length - a.prefix.length)
    .map(({ prefix, root }) => ({ prefix, root, files: filesOf(root) }))
  if (built.length > 0) await app.register(fastifyStatic, { root: built.map(({ root }) => root), serve: false, cacheControl: false })

  return (request, reply) => {
    const path = (request.raw.url ?? '').split('?')[0] ?? ''
    if ((request.method !== 'GET' && request.method !== 'HEAD') || OWN.test(path)) return false
    const home = built.find(({ prefix }) => path.startsWith(prefix) || `${path}/` === prefix)
    if (home === undefined) return false
    const name = path.slice(home.prefix.length)
    const isFile = home.files.has(name)
    if (!isFile && /\.[a-z0-9]{1,8}$/i.test(name)) return false
    reply.header('cache-control', isFile && name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    void reply.headers(headers).sendFile(isFile ? name : 'index.html', home.root)
    return true
  }
}

function filesOf(root: string): ReadonlySet<string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return new Set(
    entries.filter(entry => entry.isFile()).map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')),
  )
}
