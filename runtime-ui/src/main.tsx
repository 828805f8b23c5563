/** Starts the app: language, session, first draw. */
import './mantine-css.ts'
import './theme.css'
import { createRoot } from 'react-dom/client'
import { createClient } from './api/client.ts'
import { createSession } from './api/session.ts'
import { App, createQueries } from './app.tsx'
import { spoken, startLanguage } from './i18n/index.ts'

const queries = createQueries()
const engine = createSession(
  onSessionEnd =>
    createClient({
      locale: () => spoken().locale,
      onSessionEnd,
      // An answer made with another revision of the model means that forms and labels here are old.
      onRevision() {
        void queries.invalidateQueries({ queryKey: ['model'] })
        void queries.invalidateQueries({ queryKey: ['form'] })
      },
    }),
  localStorage,
)

const place = document.getElementById('root')
if (place) {
  await startLanguage()
  const root = createRoot(place)
  if (import.meta.env.DEV && location.pathname.startsWith('/gallery')) {
    const { Gallery } = await import('./gallery/gallery.tsx')
    root.render(<Gallery />)
  } else {
    void engine.session.start()
    root.render(<App engine={engine} queries={queries} />)
  }
}
