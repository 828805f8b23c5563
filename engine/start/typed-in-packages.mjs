/**
 * Lets Node run this program's sources where they lie in another program's node_modules: there it does not strip types by itself.
 * Loaded before everything else, and by every process and thread of the program; touches no file but its own.
 */
import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'

const here = new URL('../../', import.meta.url).href
const others = new URL('node_modules/', here).href

registerHooks({
  load(url, context, next) {
    if (!url.startsWith(here) || url.startsWith(others) || !url.endsWith('.ts')) return next(url, context)
    return { format: 'module', shortCircuit: true, source: stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8')) }
  },
})
