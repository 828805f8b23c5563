/**
 * The gallery: every view in every state, with data that looks real. Only in development: `/gallery` lists the states,
 * `/gallery?state=list.many` shows one alone, `&locale=ru` in another language.
 */
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { MeContext, ModelContext } from '../api/context.ts'
import { createQueries, Providers } from '../app.tsx'
import { DisplayScopeContext } from '../display/value.tsx'
import { useWords } from '../i18n/use-words.ts'
import { galleryEngine } from './engine.ts'
import { galleryModel } from './model.ts'
import { states } from './states.tsx'

const me = {
  user: { id: 'u1', email: 'julia@meridian.test', name: 'Julia Hoffmann', locale: 'en', time_zone: 'Europe/Berlin' },
  tenant: { key: 'demo', name: 'Meridian Trade' },
  roles: [],
  capabilities: [],
}
const queries = createQueries()

/** The gallery. */
export function Gallery() {
  const chosen = new URLSearchParams(location.search).get('state')
  const Shown = chosen === null ? Index : (states[chosen] ?? Index)
  const router = useMemo(() => {
    const root = createRootRoute({ component: Shown, notFoundComponent: Shown })
    return createRouter({ routeTree: root, history: createMemoryHistory({ initialEntries: ['/'] }) })
  }, [Shown])
  return (
    <Providers engine={galleryEngine} queries={queries}>
      <Scopes>
        <RouterProvider router={router as never} />
      </Scopes>
    </Providers>
  )
}

function Scopes({ children }: { readonly children: ReactNode }) {
  const { t, locale } = useWords()
  const model = useMemo(() => galleryModel(locale), [locale])
  const scope = { locale, timeZone: 'Europe/Berlin', currency: 'EUR', yes: t('app.yes'), no: t('app.no') }
  return (
    <MeContext value={me}>
      <ModelContext value={model}>
        <DisplayScopeContext value={scope}>{children}</DisplayScopeContext>
      </ModelContext>
    </MeContext>
  )
}

function Index() {
  return (
    <main style={{ padding: 32 }}>
      <h1>Gallery</h1>
      <ul>
        {Object.keys(states).map(name => (
          <li key={name}>
            <a href={`/gallery?state=${name}`}>{name}</a>
          </li>
        ))}
      </ul>
    </main>
  )
}
