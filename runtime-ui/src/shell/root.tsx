/**
 * The root of every page: decides by the session whether a stranger, a known or an expired person is here, loads the model
 * and puts the page into the frame. The only place where session, model and frame meet.
 */
import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useWords } from '../i18n/use-words.ts'
import { MeContext, ModelContext, useClient, useModelQuery, useSession, useSessionState } from '../api/context.ts'
import type { Model } from '../api/model.ts'
import { type Credentials, keepLocale, type Me, Unreachable } from '../api/client.ts'
import type { DisplayScope } from '../display/field-text.ts'
import { DisplayScopeContext } from '../display/value.tsx'
import { forgetPlaces } from '../list/last-place.ts'
import { chooseLocale, chosenLocale, isLocale, showLocale } from '../i18n/index.ts'
import { Failure } from './failure.tsx'
import { Frame } from './frame.tsx'
import { useHotkeys } from './hotkeys.ts'
import { SignInAgain, SignInPage, type SignInProps } from './sign-in.tsx'
import { ToastRegion } from './toast-region.tsx'
import { Waiting } from './waiting.tsx'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const Shortcuts = lazy(async () => ({ default: (await import('./shortcuts.tsx')).Shortcuts }))

/** The root route's component. */
export function Root() {
  const session = useSession()
  const state = useSessionState()
  const again = useSignIn()
  if (state.phase === 'starting') return <Waiting page />
  if (state.phase === 'unreachable') return <Failure page error={new Unreachable(null)} onRetry={() => void session.start()} />
  if (state.phase === 'signed_out') return <SignInPage {...again} />
  return (
    <>
      <SignedIn me={state.me} />
      {state.phase === 'expired' && (
        <SignInAgain {...again} tenant={state.me.tenant.key} email={state.me.user.email} onLeave={() => void session.signOut()} />
      )}
    </>
  )
}

/** Signing in: its progress and its errors. */
function useSignIn(): SignInProps {
  const session = useSession()
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const submit = async (credentials: Credentials): Promise<void> => {
    setPending(true)
    setError(null)
    try {
      await session.signIn(credentials)
    } catch (failure) {
      setError(failure)
    } finally {
      setPending(false)
    }
  }
  const tenant = new URLSearchParams(location.search).get('tenant') ?? localStorage.getItem('nexus.tenant') ?? ''
  return {
    tenant,
    email: '',
    pending,
    error,
    onSubmit: credentials => {
      localStorage.setItem('nexus.tenant', credentials.tenant)
      void submit(credentials)
    },
  }
}

function SignedIn({ me }: { readonly me: Me }) {
  const model = useModelQuery(true)
  useLocaleOf(me)
  if (model.isError && !model.data) return <Failure page error={model.error} onRetry={() => void model.refetch()} />
  if (!model.data) return <Waiting page lines={6} />
  return <WithModel me={me} model={model.data} />
}

function WithModel({ me, model }: { readonly me: Me; readonly model: Model }) {
  return (
    <MeContext value={me}>
      <ModelContext value={model}>
        <DisplayScopeContext value={useDisplayScopeOf(me, model)}>
          <Framed me={me} model={model} />
        </DisplayScopeContext>
      </ModelContext>
    </MeContext>
  )
}

function Framed({ me, model }: { readonly me: Me; readonly model: Model }) {
  const session = useSession()
  const client = useClient()
  const queries = useQueryClient()
  const router = useRouter()
  const navigate = useNavigate()
  const { t } = useWords()
  const place = useParams({ strict: false })
  const { view } = useSearch({ strict: false })
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null)
  useHotkeys({ 'mod+k': () => setOpen('palette'), '?': () => setOpen('shortcuts') })
  const entity = place.entity
  return (
    <>
      <Frame
        model={model}
        me={me}
        entity={entity}
        view={view}
        offline={useOffline()}
        onLocale={locale => {
          void chooseLocale(locale)
          // The choice holds on this device whether or not the engine could keep it.
          keepLocale(client, locale).catch(() => undefined)
        }}
        onSignOut={() => {
          queries.clear()
          forgetPlaces()
          void session.signOut()
          void router.navigate({ to: '/' })
        }}
        onPalette={() => setOpen('palette')}
        onShortcuts={() => setOpen('shortcuts')}
      >
        <Suspense fallback={<Waiting page />}>
          <Outlet />
        </Suspense>
      </Frame>
      <Suspense>
        {open === 'palette' && (
          <Palette
            onClose={() => setOpen(null)}
            actions={[{ id: 'shortcuts', label: t('shell.shortcuts'), run: () => setOpen('shortcuts') }]}
            onGo={target => {
              setOpen(null)
              void navigate(target)
            }}
          />
        )}
        {open === 'shortcuts' && <Shortcuts onClose={() => setOpen(null)} />}
      </Suspense>
      <ToastRegion />
    </>
  )
}

/** The language of the person's profile, where this device has no choice of its own. */
function useLocaleOf(me: Me): void {
  useEffect(() => {
    if (chosenLocale() === null && isLocale(me.user.locale)) void showLocale(me.user.locale)
  }, [me])
}

function useDisplayScopeOf(me: Me, model: Model): DisplayScope {
  const { t, locale } = useWords()
  return useMemo(
    () => ({
      locale: locale,
      timeZone: me.user.time_zone ?? model.tenant.time_zone,
      currency: model.tenant.currency,
      yes: t('app.yes'),
      no: t('app.no'),
    }),
    [locale, t, me, model],
  )
}

function useOffline(): boolean {
  return !useSyncExternalStore(
    listener => {
      addEventListener('online', listener)
      addEventListener('offline', listener)
      return () => {
        removeEventListener('online', listener)
        removeEventListener('offline', listener)
      }
    },
    () => navigator.onLine,
  )
}
