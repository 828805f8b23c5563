/** Puts the providers around the router. */
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Engine, EngineContext } from './api/context.ts'
import { Unreachable } from './api/client.ts'
import { router } from './routes.ts'
import { cssVariables, theme } from './theme.ts'

// The client asks again by itself; once more here, because a device that is offline by now then waits until it is not.
const RETRIES = 1

/** Cache of what the engine answered. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: (count, error) => error instanceof Unreachable && count < RETRIES, staleTime: 10_000, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  })
}

/** What everything drawn needs: look, engine, cache. */
export function Providers({
  engine,
  queries,
  children,
}: {
  readonly engine: Engine
  readonly queries: QueryClient
  readonly children: ReactNode
}) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <EngineContext value={engine}>
        <QueryClientProvider client={queries}>{children}</QueryClientProvider>
      </EngineContext>
    </MantineProvider>
  )
}

/** The app. */
export function App({ engine, queries }: { readonly engine: Engine; readonly queries: QueryClient }) {
  return (
    <Providers engine={engine} queries={queries}>
      <RouterProvider router={router} />
    </Providers>
  )
}
