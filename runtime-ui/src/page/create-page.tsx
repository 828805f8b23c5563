/** The page of a new record. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { formOptions, useClient, useEntity, useModel } from '../api/context.ts'
import type { FormAnswer, ModelEntity } from '../api/model.ts'
import { titleText } from '../display/field-text.ts'
import { startingValues } from '../form/prepare.ts'
import { lastPlace } from '../list/last-place.ts'
import { useWords } from '../i18n/use-words.ts'
import { notFound } from '../api/client.ts'
import { Failure } from '../shell/failure.tsx'
import { toast } from '../shell/toasts.ts'
import { useTitle } from '../shell/use-title.ts'
import { Waiting } from '../shell/waiting.tsx'
import { EditorView } from '../record/editor-view.tsx'
import { useEditor } from '../record/use-editor.ts'

/** The page of `/records/{entity}/new`. */
export function CreatePage() {
  const { entity: key } = useParams({ from: '/records/$entity/new' })
  const client = useClient()
  const { locale } = useWords()
  const entity = useEntity(key)
  const form = useQuery({ ...formOptions(client, key, 'create', locale), enabled: entity !== undefined })
  if (!entity) return <Failure page error={notFound} />
  if (form.isError && !form.data) return <Failure page error={form.error} onRetry={() => void form.refetch()} />
  if (!form.data) return <Waiting page lines={8} />
  return <NewRecord key={key} entity={entity} form={form.data} />
}

function NewRecord({ entity, form }: { readonly entity: ModelEntity; readonly form: FormAnswer }) {
  const { t } = useWords()
  const model = useModel()
  const navigate = useNavigate()
  const { preset, tab } = useSearch({ from: '/records/$entity/new' })
  // Decided once: a change of language brings a new form, and must not undo what was typed.
  const [start] = useState(() => startingValues(form.schema, preset ?? {}))
  const title = t('record.new', { entity: entity.label })
  useTitle(title)
  const editor = useEditor(entity, form, null, start, record => {
    if (!record) return
    toast(t('record.created', { title: titleText(record[entity.title_field]) || t('record.untitled') }))
    void navigate({ to: '/records/$entity/$id', params: { entity: entity.key, id: record.id }, replace: true, ignoreBlocker: true })
  })
  return (
    <EditorView
      model={model}
      entity={entity}
      form={form}
      editor={editor}
      title={title}
      submitLabel={t('record.create')}
      alwaysSubmit
      tab={tab}
      onTab={next =>
        void navigate({
          to: '/records/$entity/new',
          params: { entity: entity.key },
          search: { ...(preset ? { preset } : {}), tab: next },
          replace: true,
          resetScroll: false,
        })
      }
      onCancel={() => void navigate({ to: '/records/$entity', params: { entity: entity.key }, search: lastPlace(entity.key).address })}
    />
  )
}
