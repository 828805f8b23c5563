/** The states of the gallery by name. One line each; what they are made of is below. */
import { type ReactNode, useEffect, useState } from 'react'
import { useModel } from '../api/context.ts'
import { entityOf, type ModelEntity, type RecordData } from '../api/model.ts'
import { Unreachable } from '../api/client.ts'
import { BoardColumns } from '../board/board-columns.tsx'
import { BoardColumnView } from '../board/board-column-view.tsx'
import { useBoard } from '../board/use-board.ts'
import { CalendarView } from '../calendar/calendar-view.tsx'
import { weeksOf } from '../calendar/month.ts'
import type { FormValues } from '../form/changes.ts'
import { editedValues } from '../form/prepare.ts'
import type { Finding } from '../form/problems.ts'
import { useWords } from '../i18n/use-words.ts'
import { columnsFor } from '../list/columns.ts'
import { FilterBuilder } from '../list/filter-builder.tsx'
import { fromPredicate } from '../list/filter.ts'
import { ListView } from '../list/list-view.tsx'
import { type ListActions, type ListState, viewsOf } from '../list/use-list.ts'
import { compareVersions } from '../record/conflict.ts'
import { ConflictDialog } from '../record/conflict-dialog.tsx'
import { EditorView } from '../record/editor-view.tsx'
import { RecordView, RecordWaiting } from '../record/record-view.tsx'
import { useEnv } from '../record/use-env.ts'
import type { Editor } from '../record/use-editor.ts'
import { Failure } from '../shell/failure.tsx'
import { Frame } from '../shell/frame.tsx'
import { Palette } from '../shell/palette.tsx'
import { Shortcuts } from '../shell/shortcuts.tsx'
import { SignInAgain, SignInPage, type SignInProps } from '../shell/sign-in.tsx'
import { ToastRegion } from '../shell/toast-region.tsx'
import { toast } from '../shell/toasts.ts'
import { galleryForm } from './model.ts'
import { broken, forbidden, missing, refused } from './problems.ts'
import { GALLERY_MONTH, galleryDeal, galleryDeals, longDeal } from './records.ts'

const nothing = (): void => undefined

/** State by name: view, dot, state. */
export const states: Readonly<Record<string, () => ReactNode>> = {
  'signin.empty': () => <SignIn />,
  'signin.refused': () => <SignIn tenant="demo" email="rep@demo.test" error={refused} />,
  'signin.unreachable': () => <SignIn tenant="demo" email="rep@demo.test" error={new Unreachable(null)} />,
  'signin.again': () => (
    <Framed>
      <List />
      <SignInAgain {...signIn} tenant="demo" email="julia@meridian.test" onLeave={nothing} />
    </Framed>
  ),
  'list.many': () => (
    <Framed>
      <List />
    </Framed>
  ),
  'list.one': () => (
    <Framed>
      <List rows={galleryDeals.slice(0, 1)} />
    </Framed>
  ),
  'list.filtered': () => (
    <Framed>
      <List where={{ stage: { in: ['won', 'lost'] }, amount: { gte: '1000' }, customer: { in: ['c1', 'c2'] } }} />
    </Framed>
  ),
  'list.empty': () => (
    <Framed>
      <List rows={[]} />
    </Framed>
  ),
  'list.none': () => (
    <Framed>
      <List rows={[]} q="xyz" narrowed />
    </Framed>
  ),
  'list.loading': () => (
    <Framed>
      <List status="loading" rows={[]} />
    </Framed>
  ),
  'list.error': () => (
    <Framed>
      <List status="failed" rows={[]} error={broken} />
    </Framed>
  ),
  'list.offline': () => (
    <Framed offline>
      <List status="failed" rows={[]} error={new Unreachable(null)} />
    </Framed>
  ),
  'list.forbidden': () => (
    <Framed>
      <List status="failed" rows={[]} error={forbidden} />
    </Framed>
  ),
  'list.long': () => (
    <Framed>
      <List
        rows={[
          {
            ...longDeal,
            customer: { id: 'c', name: longDeal['name'] },
            owner_id: { id: 'u', name: 'Maximiliana Wolfeschlegelsteinhausenbergerdorff' },
          },
          ...galleryDeals,
        ]}
      />
    </Framed>
  ),
  'filter.builder': () => <Builder />,
  'board.many': () => <BoardState status="ready" />,
  'board.loading': () => <BoardState status="loading" />,
  'calendar.month': () => <CalendarState />,
  'record.view': () => <RecordState record={galleryDeal} />,
  'record.long': () => <RecordState record={longDeal} />,
  'record.loading': () => (
    <Framed>
      <RecordWaiting />
    </Framed>
  ),
  'record.missing': () => (
    <Framed>
      <Failure page error={missing} />
    </Framed>
  ),
  'form.create': () => <FormState record={null} />,
  'form.edit': () => <FormState record={galleryDeal} />,
  'form.long': () => <FormState record={longDeal} />,
  'form.saving': () => <FormState record={galleryDeal} saving />,
  'form.errors': () => <FormState record={galleryDeal} findings={findings} />,
  'conflict.contested': () => <ConflictState />,
  'conflict.gone': () => (
    <Framed>
      <ConflictDialog entity={useDeal()} conflict="gone" saving={false} onResolve={nothing} onGiveUp={nothing} onClose={nothing} />
    </Framed>
  ),
  'shell.palette': () => (
    <Framed>
      <List />
      <Palette actions={[]} onGo={nothing} onClose={nothing} />
    </Framed>
  ),
  'shell.shortcuts': () => (
    <Framed>
      <Shortcuts onClose={nothing} />
    </Framed>
  ),
  'shell.toasts': () => <Toasts />,
}

const findings: readonly Finding[] = [
  { pointer: '/name', message: 'A deal with this name already exists for the customer.' },
  { pointer: '/amount', message: 'Amount must be at least 0.' },
  { pointer: '/line_items/1/quantity', message: 'Quantity must be above 0.' },
  { pointer: '/delivery/city', message: 'City is not known in this country.' },
  { pointer: '', message: 'Discounts above 30 % need approval.' },
]
const signIn: SignInProps = { tenant: '', email: '', pending: false, error: null, onSubmit: nothing }

function SignIn(props: Partial<SignInProps>) {
  return <SignInPage {...signIn} {...props} />
}

function useDeal(): ModelEntity {
  const deal = entityOf(useModel(), 'deal')
  if (!deal) throw new Error('The gallery has no deals.')
  return deal
}

function Framed({ children, offline = false }: { readonly children: ReactNode; readonly offline?: boolean }) {
  const model = useModel()
  const me = { user: { id: 'u1', email: 'julia@meridian.test', name: 'Julia Hoffmann' }, tenant: model.tenant, roles: [], capabilities: [] }
  return (
    <Frame
      model={model}
      me={me}
      entity="deal"
      view="all"
      offline={offline}
      onLocale={nothing}
      onSignOut={nothing}
      onPalette={nothing}
      onShortcuts={nothing}
    >
      {children}
    </Frame>
  )
}

function List(props: Partial<ListState & ListActions>) {
  const model = useModel()
  const deal = useDeal()
  const views = viewsOf(model, 'deal')
  const view = views[0] ?? null
  const rows = props.rows ?? galleryDeals
  return (
    <ListView
      entity={deal}
      view={view}
      views={views}
      columns={columnsFor(model, deal, view, null)}
      sort={['-amount', 'name']}
      status="ready"
      error={null}
      refreshing={false}
      page={{ next: null, count: rows.length, count_kind: 'exact' }}
      hasMore={false}
      loadingMore={false}
      moreFailed={false}
      q={undefined}
      where={undefined}
      sortChosen={false}
      narrowed={false}
      change={nothing}
      toggleSort={nothing}
      loadMore={nothing}
      retry={nothing}
      {...props}
      rows={rows}
    />
  )
}

function Builder() {
  const model = useModel()
  const deal = useDeal()
  const filter = fromPredicate(model, deal, {
    stage: { in: ['won', 'lost'] },
    amount: { between: ['1000', '25000'] },
    expected_close_on: { in_period: 'this_quarter' },
    or: [{ customer: { in: ['c1'] } }, { name: { contains: 'rack' } }, { not: { tags: { has_any: ['x'] } } }],
  })
  return (
    <main style={{ padding: 24 }}>
      <h1>Filter</h1>
      <FilterBuilder model={model} entity={deal} filter={filter} onApply={nothing} />
    </main>
  )
}

function BoardState({ status }: { readonly status: 'ready' | 'loading' }) {
  const model = useModel()
  const view = model.views.find(each => each.type === 'board')
  return view ? <BoardOf view={view} status={status} /> : null
}

function BoardOf({ view, status }: { readonly view: Parameters<typeof useBoard>[1]; readonly status: 'ready' | 'loading' }) {
  const board = useBoard(useDeal(), view, {})
  if (!board) return null
  return (
    <Framed>
      <h1 style={{ padding: '16px 24px', margin: 0 }}>{view.label}</h1>
      <BoardColumns label={view.label}>
        {board.options.map(option => {
          const rows = galleryDeals.filter(deal => deal['stage'] === option.value && option.value !== 'negotiation')
          return (
            <BoardColumnView
              key={option.value}
              board={board}
              option={option.value}
              total={status === 'ready' ? { count: rows.length, sum: '128400.50' } : null}
              rows={status === 'ready' ? rows : []}
              status={option.value === 'lost' && status === 'ready' ? 'failed' : status}
              error={broken}
              hasMore={rows.length > 2}
              onMore={nothing}
              onMove={nothing}
            />
          )
        })}
      </BoardColumns>
    </Framed>
  )
}

function CalendarState() {
  const model = useModel()
  const deal = useDeal()
  const view = model.views.find(each => each.type === 'calendar')
  if (!view) return null
  return (
    <Framed>
      <h1 style={{ padding: '16px 24px', margin: 0 }}>{view.label}</h1>
      <CalendarView
        entity={deal}
        view={view}
        columns={columnsFor(model, deal, view, null)}
        month={GALLERY_MONTH}
        today="2025-03-12"
        weeks={weeksOf(GALLERY_MONTH, 1)}
        rows={galleryDeals}
        loading={false}
        dayOf={record => String(record['expected_close_on'])}
        onMonth={nothing}
      />
    </Framed>
  )
}

function RecordState({ record }: { readonly record: RecordData }) {
  const { locale } = useWords()
  const model = useModel()
  const deal = useDeal()
  const form = galleryForm(model, locale)
  return (
    <Framed>
      <RecordView
        model={model}
        entity={deal}
        ui={form.ui_schema}
        keys={[...Object.keys(form.schema.properties ?? {}), 'tax_number']}
        record={record}
        tab={undefined}
        conversions={[]}
        renderRelated={() => null}
        onDelete={async () => undefined}
        onCopyLink={async () => undefined}
      />
    </Framed>
  )
}

interface FormStateProps {
  readonly record: RecordData | null
  readonly saving?: boolean
  readonly findings?: readonly Finding[]
}

function FormState({ record, saving = false, findings: found = [] }: FormStateProps) {
  const { t, locale } = useWords()
  const model = useModel()
  const deal = useDeal()
  const form = galleryForm(model, locale)
  const [values, setValues] = useState<FormValues>(() => (record ? editedValues(form.schema, record) : { stage: 'lead' }))
  const editor: Editor = {
    values,
    record,
    findings: found,
    saving,
    dirty: record !== null,
    conflict: null,
    env: useEnv(),
    change: setValues,
    submit: nothing,
    resolve: nothing,
    giveUp: nothing,
    closeConflict: nothing,
  }
  return (
    <Framed>
      <EditorView
        model={model}
        entity={deal}
        form={form}
        editor={editor}
        title={record ? String(record['name']) : t('record.new', { entity: deal.label })}
        submitLabel={t(record ? 'record.save' : 'record.create')}
        alwaysSubmit
        tab={undefined}
        onTab={nothing}
        onCancel={nothing}
      />
    </Framed>
  )
}

function ConflictState() {
  const before = { name: 'A', amount: '30681.54', currency: 'USD', stage: 'proposal', probability: '50', customer: 'c2' }
  const mine = { ...before, stage: 'won', amount: '31000.00' }
  const theirs = { ...before, stage: 'negotiation', amount: '29500.00', probability: '75' }
  const conflict = compareVersions(before, mine, theirs, galleryDeal)
  return (
    <Framed>
      <List />
      <ConflictDialog entity={useDeal()} conflict={conflict} saving={false} onResolve={nothing} onGiveUp={nothing} onClose={nothing} />
    </Framed>
  )
}

function Toasts() {
  const { t } = useWords()
  useEffect(() => {
    toast(t('record.deleted', { title: String(galleryDeal['name']) }), { action: { label: t('app.undo'), run: nothing } })
    toast(t('record.saved'))
    toast(`${t('board.move_failed')}. ${broken.message}`, { kind: 'failed' })
  }, [t])
  return (
    <Framed>
      <List />
      <ToastRegion />
    </Framed>
  )
}
