/** Every address of the app. Parts that the first page does not need are loaded when they are first visited. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { parseListAddress } from './list/address.ts'
import { ListPage } from './page/list-page.tsx'
import { Home } from './page/home.tsx'
import { BrokenPage, LostPage } from './page/lost-page.tsx'
import { PendingPage } from './page/pending-page.tsx'
import { Root } from './shell/root.tsx'

const root = createRootRoute({ component: Root })

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home })

const list = createRoute({
  getParentRoute: () => root,
  path: '/records/$entity',
  validateSearch: parseListAddress,
  component: ListPage,
})

/** Which part of a record is open; absent where it is the first. */
function parseTab(search: Record<string, unknown>): { tab?: string } {
  return typeof search['tab'] === 'string' ? { tab: search['tab'] } : {}
}

const create = createRoute({
  getParentRoute: () => root,
  path: '/records/$entity/new',
  validateSearch: (search: Record<string, unknown>): { preset?: Record<string, unknown>; tab?: string } => {
    const preset = search['preset']
    const isPreset = typeof preset === 'object' && preset !== null && !Array.isArray(preset)
    return { ...(isPreset ? { preset: preset as Record<string, unknown> } : {}), ...parseTab(search) }
  },
  component: lazyRouteComponent(() => import('./page/create-page.tsx'), 'CreatePage'),
})

const record = createRoute({
  getParentRoute: () => root,
  path: '/records/$entity/$id',
  validateSearch: parseTab,
  component: lazyRouteComponent(() => import('./page/record-page.tsx'), 'RecordPage'),
})

const edit = createRoute({
  getParentRoute: () => root,
  path: '/records/$entity/$id/edit',
  validateSearch: parseTab,
  component: lazyRouteComponent(() => import('./page/edit-page.tsx'), 'EditPage'),
})

/** The router of the app. */
export const router = createRouter({
  routeTree: root.addChildren([home, list, create, record, edit]),
  defaultPreload: 'intent',
  defaultNotFoundComponent: LostPage,
  defaultErrorComponent: BrokenPage,
  defaultPendingComponent: PendingPage,
  // What comes at once shall not flicker; what does not says so.
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
