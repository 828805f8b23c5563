/**
 * A form on its page: title, fields, the bar that saves, the dialogs of conflict and of leaving unsaved. A view over the
 * editor's state.
 */
import { ActionIcon, Button } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useBlocker } from '@tanstack/react-router'
import { useId } from 'react'
import type { FormAnswer, Model, ModelEntity } from '../api/model.ts'
import { RecordForm } from '../form/record-form.tsx'
import { useWords } from '../i18n/use-words.ts'
import { lastPlace } from '../list/last-place.ts'
import { Dialog } from '../shell/dialog.tsx'
import { useHotkeys } from '../shell/hotkeys.ts'
import { useFormLanding } from '../shell/use-landing.ts'
import { ConflictDialog } from './conflict-dialog.tsx'
import classes from './record.module.css'
import type { Editor } from './use-editor.ts'

/** The way back to the list is not the current page, though its address is a part of it. */
const EXACT = { exact: true }

interface EditorViewProps {
  readonly model: Model
  readonly entity: ModelEntity
  readonly form: FormAnswer
  readonly editor: Editor
  readonly title: string
  readonly submitLabel: string
  /** A new record can be created as it stands; an edited one is saved only when something changed. */
  readonly alwaysSubmit?: boolean
  readonly tab: string | undefined
  readonly onTab: (tab: string) => void
  readonly onCancel: () => void
}

/** The page of a form. */
export function EditorView(props: EditorViewProps) {
  const { model, entity, form, editor, title, submitLabel, alwaysSubmit = false, onCancel } = props
  const { t } = useWords()
  const formId = useId()
  const landing = useFormLanding()
  const blocker = useBlocker({
    // Another tab of this form is no other page.
    shouldBlockFn: ({ current, next }) => editor.dirty && !editor.saving && current.pathname !== next.pathname,
    enableBeforeUnload: () => editor.dirty,
    withResolver: true,
  })
  const submit = (): void => (document.getElementById(formId) as HTMLFormElement | null)?.requestSubmit()
  useHotkeys({ 'mod+s': submit, 'mod+Enter': submit, Escape: onCancel })
  return (
    <div className={classes.page}>
      <div ref={landing} tabIndex={-1} className={classes.scroll}>
        <div className={classes.narrow}>
          <header className={classes.header}>
            <ActionIcon
              aria-label={t('app.back')}
              renderRoot={root => (
                <Link
                  to="/records/$entity"
                  params={{ entity: entity.key }}
                  search={lastPlace(entity.key).address}
                  activeOptions={EXACT}
                  {...root}
                />
              )}
            >
              <IconArrowLeft size={20} stroke={1.7} />
            </ActionIcon>
            <div className={classes.titles}>
              <span className={classes.kind}>{entity.plural_label}</span>
              <h1 className={classes.title}>{title}</h1>
            </div>
          </header>
          <RecordForm
            id={formId}
            model={model}
            entity={entity}
            form={form}
            values={editor.values}
            record={editor.record}
            serverFindings={editor.findings}
            env={editor.env}
            disabled={editor.saving}
            onChange={editor.change}
            onSubmit={editor.submit}
            tab={props.tab}
            onTab={props.onTab}
          />
        </div>
      </div>
      <footer className={classes.bar}>
        <div className={classes.barInner}>
          <span className={classes.unsaved} role="status">
            {editor.dirty ? t('record.unsaved') : ''}
          </span>
          <Button variant="default" onClick={onCancel}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" form={formId} loading={editor.saving} disabled={!editor.dirty && !alwaysSubmit}>
            {submitLabel}
          </Button>
        </div>
      </footer>
      {editor.conflict !== null && (
        <ConflictDialog
          entity={entity}
          conflict={editor.conflict}
          saving={editor.saving}
          onResolve={editor.resolve}
          onGiveUp={editor.giveUp}
          onClose={editor.closeConflict}
        />
      )}
      {blocker.status === 'blocked' && (
        <Dialog
          title={t('leave.title')}
          onClose={blocker.reset}
          footer={
            <>
              <Button variant="default" onClick={blocker.proceed}>
                {t('leave.leave')}
              </Button>
              <Button data-autofocus onClick={blocker.reset}>
                {t('leave.stay')}
              </Button>
            </>
          }
        >
          {t('leave.text')}
        </Dialog>
      )}
    </div>
  )
}
