/**
 * The whole list page as a view: title, views, toolbar, table or cards, and every state in between.
 * Takes the controller's state and calls back; nothing here fetches.
 */
import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconFilterOff, IconInbox, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWords } from '../i18n/use-words.ts'
import { Failure, Notice } from '../shell/failure.tsx'
import { WIDE } from '../shell/wide.ts'
import { ListCards } from './list-cards.tsx'
import { ListHeader } from './list-header.tsx'
import { ListTable } from './list-table.tsx'
import { ListToolbar } from './list-toolbar.tsx'
import classes from './list.module.css'
import type { ListActions, ListState } from './use-list.ts'

/** The list page. */
export function ListView(props: ListState & ListActions) {
  const wide = useMediaQuery(WIDE, matchMedia(WIDE).matches, { getInitialValueInEffect: false })
  const { entity, page, status, rows } = props
  const canCreate = entity.operations.includes('create')
  return (
    <div className={classes.page}>
      <ListHeader entity={entity} page={status === 'ready' ? page : null} />
      <ListToolbar {...props} />
      <Body {...props} wide={wide === true} canCreate={canCreate} empty={rows.length === 0} />
    </div>
  )
}

function Body(props: ListState & ListActions & { readonly wide: boolean; readonly canCreate: boolean; readonly empty: boolean }) {
  const { t } = useWords()
  const { entity, status, wide } = props
  if (status === 'failed') return <Failure error={props.error} onRetry={props.retry} />
  if (status === 'ready' && props.empty) {
    return props.narrowed ? (
      <Notice
        icon={<IconFilterOff size={28} stroke={1.5} />}
        title={t('list.none_title')}
        text={t('list.none_text')}
        action={
          <Button variant="default" onClick={() => props.change({ q: undefined, where: undefined })}>
            {t('list.clear_all')}
          </Button>
        }
      />
    ) : (
      <Notice
        icon={<IconInbox size={28} stroke={1.5} />}
        title={t('list.empty_title')}
        text={props.canCreate ? t('list.empty_text') : undefined}
        action={
          props.canCreate ? (
            <Button
              variant="default"
              renderRoot={root => <Link to="/records/$entity/new" params={{ entity: entity.key }} {...root} />}
              leftSection={<IconPlus size={17} stroke={2} />}
            >
              {t('list.new_entity', { entity: entity.label })}
            </Button>
          ) : null
        }
      />
    )
  }
  return wide ? <ListTable {...props} /> : <ListCards {...props} />
}
