/**
 * The controller of a form: holds its values, sends what changed, places what the server refuses, and meets a change of
 * somebody else. Draws nothing.
 */
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import type { EvaluateEnv } from '../../../metadata/predicate.ts'
import { changeRecord, newKey, Problem } from '../api/client.ts'
import { useClient, useModel } from '../api/context.ts'
import type { FormAnswer, ModelEntity, RecordData } from '../api/model.ts'
import { changedRecord, type FormValues, newRecord, type Outgoing, sameValues } from '../form/changes.ts'
import { editedValues } from '../form/prepare.ts'
import { type Finding, findingsOf, withoutField } from '../form/problems.ts'
import { useWords } from '../i18n/use-words.ts'
import { type Conflict, compareVersions, isSavedAlready, mergeVersions } from './conflict.ts'
import { useEnv } from './use-env.ts'
import { noteSaved, readWhole } from './use-record.ts'

/** A form and what can be done with it. */
export interface Editor {
  readonly values: FormValues
  /** The record that is edited; null while it is new. */
  readonly record: RecordData | null
  readonly findings: readonly Finding[]
  readonly saving: boolean
  readonly dirty: boolean
  readonly conflict: Conflict | 'gone' | null
  readonly env: EvaluateEnv
  readonly change: (values: FormValues, changed: string | null) => void
  readonly submit: (values: FormValues, hidden: readonly string[]) => void
  /** Saves over the other person's version, keeping mine where named. */
  readonly resolve: (keepMine: ReadonlySet<string>) => void
  /** Drops my changes for the other person's. */
  readonly giveUp: () => void
  readonly closeConflict: () => void
}

/** What happens once it is saved: the record, or null where it left the person's sight. */
export type Saved = (record: RecordData | null) => void

interface Edited {
  readonly record: RecordData | null
  readonly values: FormValues
}

const NONE: readonly Finding[] = []

/** An editor of a record, or of a new one where `record` is null. */
export function useEditor(entity: ModelEntity, form: FormAnswer, record: RecordData | null, start: FormValues, onSaved: Saved): Editor {
  const client = useClient()
  const model = useModel()
  const queries = useQueryClient()
  const { t } = useWords()
  const env = useEnv()
  const [base, setBase] = useState<Edited>({ record, values: start })
  const [values, setValues] = useState(start)
  const [findings, setFindings] = useState(NONE)
  const [saving, setSaving] = useState(false)
  const [conflict, setConflict] = useState<Conflict | 'gone' | null>(null)
  const hiddenNow = useRef<readonly string[]>([])
  const attempt = useRef({ body: '', key: '' })
  // Of the moment, not of the last drawing: a key pressed twice comes before it.
  const underWay = useRef(false)
  const tables = useMemo(() => entity.fields.filter(field => field.type === 'table').map(field => field.key), [entity])

  const send = async (from: Edited, next: FormValues): Promise<void> => {
    const outgoing = from.record ? changedRecord(from.values, next, tables, hiddenNow.current) : newRecord(next, tables, hiddenNow.current)
    if (underWay.current) return
    if (from.record && Object.keys(outgoing.body).length === 0) return onSaved(from.record)
    underWay.current = true
    setSaving(true)
    setFindings(NONE)
    try {
      const saved = from.record
        ? await changeRecord(client, entity.key, from.record, outgoing.body)
        : await client.create(entity.key, outgoing.body, { idempotencyKey: keyOf(attempt.current, outgoing) })
      noteSaved(queries, entity.key, saved?.id ?? from.record?.id ?? '')
      setConflict(null)
      onSaved(saved)
    } catch (error) {
      await meet(error, from, next, outgoing)
    } finally {
      underWay.current = false
      setSaving(false)
    }
  }

  const meet = async (error: unknown, from: Edited, next: FormValues, outgoing: Outgoing): Promise<void> => {
    if (error instanceof Problem && error.status === 412 && from.record) return compare(from.record.id, from.values, next)
    if (error instanceof Problem && error.status === 404 && from.record) return setConflict('gone')
    if (error instanceof Problem && error.errors.length > 0) return setFindings(findingsOf(error.errors, outgoing.rows))
    const hint = error instanceof Problem ? (error.document.hint ?? '') : ''
    const message = error instanceof Problem ? `${error.message} ${hint}`.trim() : t('form.unreachable')
    setFindings([{ pointer: '', message }])
  }

  const compare = async (id: string, before: FormValues, mine: FormValues): Promise<void> => {
    try {
      const current = await readWhole(client, model, entity, id)
      const theirs = editedValues(form.schema, current)
      if (!isSavedAlready(before, mine, theirs)) return setConflict(compareVersions(before, mine, theirs, current))
      noteSaved(queries, entity.key, id)
      setConflict(null)
      onSaved(current)
    } catch (error) {
      if (error instanceof Problem && error.status === 404) setConflict('gone')
      else setFindings([{ pointer: '', message: t('form.unreachable') }])
    }
  }

  return {
    values,
    record: base.record,
    findings,
    saving,
    conflict,
    env,
    dirty: !sameValues(base.values, values),
    change(next, changed) {
      setValues(next)
      if (changed !== null) setFindings(current => withoutField(current, changed))
    },
    submit(next, hidden) {
      hiddenNow.current = hidden
      void send(base, next)
    },
    resolve(keepMine) {
      if (conflict === null || conflict === 'gone') return
      const merged = mergeVersions(base.values, values, conflict, keepMine)
      const over: Edited = { record: conflict.record, values: conflict.current }
      setValues(merged)
      setBase(over)
      void send(over, merged)
    },
    giveUp() {
      if (conflict === null || conflict === 'gone') return
      setBase({ record: conflict.record, values: conflict.current })
      setValues(conflict.current)
      setConflict(null)
    },
    closeConflict: () => setConflict(null),
  }
}

/** The same key for the same body: a create sent again after a lost answer makes no second record. */
function keyOf(attempt: { body: string; key: string }, outgoing: Outgoing): string {
  const body = JSON.stringify(outgoing.body)
  if (attempt.body !== body) {
    attempt.body = body
    attempt.key = newKey()
  }
  return attempt.key
}
