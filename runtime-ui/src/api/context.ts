/**
 * How React reaches the engine: client, session, and the caller's model, which everything below the shell may take for given.
 */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { createContext, useContext, useSyncExternalStore } from 'react'
import { useWords } from '../i18n/use-words.ts'
import { type Client, type Me, readForm, readModel } from './client.ts'
import { entityOf, type Model, type ModelEntity } from './model.ts'
import type { Session, SessionState } from './session.ts'

/** What the app talks to the engine with. */
export interface Engine {
  readonly client: Client
  readonly session: Session
}

/** The engine of this app. */
export const EngineContext = createContext<Engine | null>(null)
/** The caller's model, set by the shell once it is there. */
export const ModelContext = createContext<Model | null>(null)
/** The caller. */
export const MeContext = createContext<Me | null>(null)

/** The engine's client. */
export function useClient(): Client {
  return given(useContext(EngineContext), 'engine').client
}

/** The session of this tab. */
export function useSession(): Session {
  return given(useContext(EngineContext), 'engine').session
}

/** The session's state; redraws when it changes. */
export function useSessionState(): SessionState {
  const session = useSession()
  return useSyncExternalStore(session.subscribe, session.state)
}

/** The caller's model. */
export function useModel(): Model {
  return given(useContext(ModelContext), 'model')
}

/** The caller. */
export function useMe(): Me {
  return given(useContext(MeContext), 'caller')
}

/** An entity of the caller's model, undefined where it does not exist for him. */
export function useEntity(key: string): ModelEntity | undefined {
  return entityOf(useModel(), key)
}

/** The model as the engine answers it in the language of the app. */
export function useModelQuery(enabled: boolean) {
  const client = useClient()
  const { locale } = useWords()
  return useQuery({
    queryKey: ['model', locale],
    queryFn: ({ signal }) => readModel(client, signal),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    // The words of the last language stay on screen until the new ones are there.
    placeholderData: previous => previous,
  })
}

/** The form of an entity, cached until the model changes. */
export function formOptions(client: Client, entity: string, mode: 'create' | 'edit' | 'view', locale: string) {
  return queryOptions({
    queryKey: ['form', entity, mode, locale],
    queryFn: ({ signal }) => readForm(client, entity, mode, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

function given<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`Used outside of the ${what} it needs.`)
  return value
}
