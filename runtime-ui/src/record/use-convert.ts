/** The controller of a conversion: sends it once, keeps what was made and what went wrong. Draws nothing. */
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { newKey, Problem } from '../api/client.ts'
import { useClient } from '../api/context.ts'
import type { ModelConversion, ModelEntity, RecordData } from '../api/model.ts'
import { useWords } from '../i18n/use-words.ts'
import { noteSaved } from './use-record.ts'

interface Finding {
  readonly pointer: string
  readonly message: string
}

/** Where a conversion stands. */
export interface Converting {
  readonly running: boolean
  /** What went wrong, with a pointer to what of the sent values it is about. */
  readonly errors: readonly Finding[]
  /** Ids of what was made, by step; null before it was. */
  readonly made: Readonly<Record<string, string>> | null
  readonly run: (values: Readonly<Record<string, object>>) => Promise<void>
}

/** A conversion of a record. */
export function useConvert(entity: ModelEntity, record: RecordData, conversion: ModelConversion): Converting {
  const client = useClient()
  const queries = useQueryClient()
  const { t } = useWords()
  const [state, setState] = useState<Omit<Converting, 'run'>>({ running: false, errors: [], made: null })
  const attempt = useRef({ said: '', key: '' })
  return {
    ...state,
    async run(values) {
      setState({ running: true, errors: [], made: null })
      // The same key for the same values: sent again after a lost answer, it makes nothing twice.
      const said = JSON.stringify(values)
      if (attempt.current.said !== said) attempt.current = { said, key: newKey() }
      try {
        const path = `/api/records/${encodeURIComponent(entity.key)}/${encodeURIComponent(record.id)}/convert`
        const body = { conversion: conversion.key, values }
        const { data } = await client.request<{ steps: Record<string, string> }>('POST', path, {
          body,
          ifMatch: record.version,
          idempotencyKey: attempt.current.key,
        })
        noteSaved(queries, entity.key, record.id)
        setState({ running: false, errors: [], made: data.steps })
      } catch (error) {
        if (error instanceof Problem && [404, 409, 412].includes(error.status)) noteSaved(queries, entity.key, record.id)
        setState({ running: false, errors: findingsOf(error, t('form.unreachable')), made: null })
      }
    },
  }
}

function findingsOf(error: unknown, unreachable: string): readonly Finding[] {
  if (!(error instanceof Problem)) return [{ pointer: '', message: unreachable }]
  return error.errors.length > 0 ? error.errors : [{ pointer: '', message: error.message }]
}
