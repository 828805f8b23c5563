/** The page of a record: joins the route with the controller and the view. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { EvaluateEnv } from '../../../metadata/predicate.ts'
import { formOptions, useClient, useEntity, useModel } from '../api/context.ts'
import type { FormAnswer, Model, ModelEntity, RecordData } from '../api/model.ts'
import { titleText } from '../display/field-text.ts'
import { applyRules, parseRules } from '../form/rules.ts'
import { lastPlace } from '../list/last-place.ts'
import { useWords } from '../i18n/use-words.ts'
import { notFound } from '../api/client.ts'
import { Failure } from '../shell/failure.tsx'
import { useHotkeys } from '../shell/hotkeys.ts'
import { toast } from '../shell/toasts.ts'
import { useTitle } from '../shell/use-title.ts'
import { RecordView, RecordWaiting } from '../record/record-view.tsx'
import { offeredConversions } from '../record/convert.ts'
import { RelatedList } from '../record/related-list.tsx'
import { useEnv } from '../record/use-env.ts'
import { useRecord, useRemove } from '../record/use-record.ts'

/** The page of `/records/{entity}/{id}`. */
export function RecordPage() {
  const { entity: key, id } = useParams({ from: '/records/$entity/$id' })
  const entity = useEntity(key)
  return entity ? <Loaded key={id} entity={entity} id={id} /> : <Failure page error={notFound} />
}

/** The fields whose conditions let them show. */
function shownKeys(model: Model, entity: ModelEntity, form: FormAnswer, record: RecordData, env: EvaluateEnv): string[] {
  const { hidden } = applyRules(parseRules(model, entity, form.rules), record, env)
  return Object.keys(form.schema.properties ?? {}).filter(key => !hidden.includes(key))
}

function Loaded({ entity, id }: { readonly entity: ModelEntity; readonly id: string }) {
  const client = useClient()
  const model = useModel()
  const navigate = useNavigate()
  const { t, locale } = useWords()
  const { tab } = useSearch({ from: '/records/$entity/$id' })
  const form = useQuery(formOptions(client, entity.key, 'view', locale))
  const record = useRecord(entity, id)
  const remove = useRemove(entity)
  const env = useEnv()
  useTitle(titleText(record.data?.[entity.title_field]))
  const edit = (): void =>
    void navigate({ to: '/records/$entity/$id/edit', params: { entity: entity.key, id }, search: tab === undefined ? {} : { tab } })
  const backToList = (): void =>
    void navigate({ to: '/records/$entity', params: { entity: entity.key }, search: lastPlace(entity.key).address })
  useHotkeys({
    e: () => entity.operations.includes('update') && record.data && edit(),
    Escape: backToList,
  })
  const error = (record.data ? null : record.error) ?? (form.data ? null : form.error)
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
  if (!record.data || !form.data) return <RecordWaiting />
  const shown = record.data
  return (
    <RecordView
      model={model}
      entity={entity}
      ui={form.data.ui_schema}
      keys={shownKeys(model, entity, form.data, shown, env)}
      record={shown}
      tab={tab}
      conversions={offeredConversions(model, entity, shown, env)}
      renderRelated={relation => <RelatedList entity={entity} relation={relation} record={shown} ui={form.data.ui_schema} />}
      onDelete={async () => {
        try {
          await remove(shown)
          backToList()
        } catch (failure) {
          toast(failure instanceof Error ? failure.message : t('error.title'), { kind: 'failed' })
          void record.refetch()
        }
      }}
      onCopyLink={async () => {
        await navigator.clipboard.writeText(location.href)
        toast(t('record.link_copied'))
      }}
    />
  )
}
