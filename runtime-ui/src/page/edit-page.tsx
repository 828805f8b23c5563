/** The page that edits a record. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { formOptions, useClient, useEntity, useModel } from '../api/context.ts'
import type { FormAnswer, ModelEntity, RecordData } from '../api/model.ts'
import { titleText } from '../display/field-text.ts'
import { editedValues } from '../form/prepare.ts'
import { lastPlace } from '../list/last-place.ts'
import { useWords } from '../i18n/use-words.ts'
import { notFound } from '../api/client.ts'
import { Failure } from '../shell/failure.tsx'
import { toast } from '../shell/toasts.ts'
import { useTitle } from '../shell/use-title.ts'
import { Waiting } from '../shell/waiting.tsx'
import { EditorView } from '../record/editor-view.tsx'
import { useEditor } from '../record/use-editor.ts'
import { useRecord } from '../record/use-record.ts'

/** The page of `/records/{entity}/{id}/edit`. */
export function EditPage() {
  const { entity: key, id } = useParams({ from: '/records/$entity/$id/edit' })
  const entity = useEntity(key)
  return entity ? <Loaded key={id} entity={entity} id={id} /> : <Failure page error={notFound} />
}

function Loaded({ entity, id }: { readonly entity: ModelEntity; readonly id: string }) {
  const client = useClient()
  const { locale } = useWords()
  const form = useQuery(formOptions(client, entity.key, 'edit', locale))
  const record = useRecord(entity, id)
  const error = (form.data ? null : form.error) ?? (record.data ? null : record.error)
  if (error) {
    return (
      <Failure
        page
        error={error}
        onRetry={() => {
          void form.refetch()
          void record.refetch()
        }}
      />
    )
  }
  if (!form.data || !record.data) return <Waiting page lines={8} />
  return <EditRecord entity={entity} form={form.data} record={record.data} />
}

function EditRecord({ entity, form, record }: { readonly entity: ModelEntity; readonly form: FormAnswer; readonly record: RecordData }) {
  const { t } = useWords()
  const model = useModel()
  const navigate = useNavigate()
  // The record as it was when editing began: what comes in later is met as a conflict, not swapped under the person's hands.
  const [first] = useState(() => ({ record, values: editedValues(form.schema, record) }))
  const search = useSearch({ from: '/records/$entity/$id/edit' })
  const params = { entity: entity.key, id: record.id }
  const title = titleText(record[entity.title_field]) || t('record.untitled')
  useTitle(title)
  const leave = (ignoreBlocker: boolean): void => void navigate({ to: '/records/$entity/$id', params, search, ignoreBlocker })
  const editor = useEditor(entity, form, first.record, first.values, saved => {
    if (saved) {
      toast(t('record.saved'))
      leave(true)
    } else {
      toast(t('record.left_sight'))
      void navigate({ to: '/records/$entity', params: { entity: entity.key }, search: lastPlace(entity.key).address, ignoreBlocker: true })
    }
  })
  return (
    <EditorView
      model={model}
      entity={entity}
      form={form}
      editor={editor}
      title={title}
      submitLabel={t('record.save')}
      tab={search.tab}
      onTab={tab => void navigate({ to: '/records/$entity/$id/edit', params, search: { tab }, replace: true, resetScroll: false })}
      onCancel={() => leave(false)}
    />
  )
}
