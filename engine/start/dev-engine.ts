/** The engine as `nexus dev` runs it: everything but the built app, which Vite serves from its sources. */
import { serve } from './server.ts'

await serve('all', process.env, line => void process.stderr.write(`${line}\n`), { apps: false })
