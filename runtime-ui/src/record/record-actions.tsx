/** What can be done with a record: edit, convert, and behind the dots copy its link, duplicate and delete it. A view. */
import { Button } from '@mantine/core'
import { IconArrowsSplit, IconCopy, IconDots, IconLink, IconPencil, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ModelConversion, ModelEntity, RecordData } from '../api/model.ts'
import { useWords } from '../i18n/use-words.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Panel, PanelItem } from '../shell/panel.tsx'
import { ConvertDialog } from './convert-dialog.tsx'
import classes from './record.module.css'

interface ActionsProps {
  readonly entity: ModelEntity
  readonly record: RecordData
  readonly tab: string | undefined
  readonly title: string
  /** What other records can be made of this one. */
  readonly conversions: readonly ModelConversion[]
  readonly onDelete: () => Promise<void>
  readonly onCopyLink: () => Promise<void>
}

/** The actions of a record. */
export function RecordActions({ entity, record, tab, conversions, title, onDelete, onCopyLink }: ActionsProps) {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  // Open until it is closed: once it worked, the conversion is not offered any more.
  const [converting, setConverting] = useState<ModelConversion | null>(null)
  const [deleting, setDeleting] = useState(false)
  return (
    <div className={classes.actions}>
      {conversions.map(conversion => (
        <Button
          key={conversion.key}
          className={classes.wideOnly ?? ''}
          leftSection={<IconArrowsSplit size={16} stroke={1.7} />}
          onClick={() => setConverting(conversion)}
        >
          {conversion.label}
        </Button>
      ))}
      {entity.operations.includes('update') && (
        <Button
          variant="default"
          className={classes.edit ?? ''}
          leftSection={<IconPencil size={16} stroke={1.7} />}
          renderRoot={root => (
            <Link
              to="/records/$entity/$id/edit"
              params={{ entity: entity.key, id: record.id }}
              search={tab === undefined ? {} : { tab }}
              {...root}
            />
          )}
        >
          {t('record.edit')}
        </Button>
      )}
      <Panel label={t('app.more')} icon={<IconDots size={20} stroke={1.7} />} align="end" width={240}>
        {close => (
          <>
            <PanelItem
              icon={<IconLink size={17} stroke={1.7} />}
              onClick={() => {
                close()
                void onCopyLink()
              }}
            >
              {t('record.copy_link')}
            </PanelItem>
            {conversions.map(conversion => (
              <PanelItem
                key={conversion.key}
                icon={<IconArrowsSplit size={17} stroke={1.7} />}
                onClick={() => {
                  close()
                  setConverting(conversion)
                }}
              >
                {conversion.label}
              </PanelItem>
            ))}
            {entity.operations.includes('create') && (
              <Link
                to="/records/$entity/new"
                params={{ entity: entity.key }}
                search={{ preset: copyOf(entity, record) }}
                className={classes.menuLink}
                data-item
              >
                <IconCopy size={17} stroke={1.7} />
                {t('record.duplicate')}
              </Link>
            )}
            {entity.operations.includes('delete') && (
              <PanelItem
                danger
                icon={<IconTrash size={17} stroke={1.7} />}
                onClick={() => {
                  close()
                  setAsking(true)
                }}
              >
                {t('record.delete')}
              </PanelItem>
            )}
          </>
        )}
      </Panel>
      {converting && <ConvertDialog entity={entity} record={record} conversion={converting} onClose={() => setConverting(null)} />}
      {asking && (
        <Dialog
          title={t('record.delete_title', { title })}
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
                {t('app.cancel')}
              </Button>
              <Button
                color="red"
                loading={deleting}
                onClick={() => {
                  setDeleting(true)
                  void onDelete().finally(() => {
                    setDeleting(false)
                    setAsking(false)
                  })
                }}
              >
                {t('record.delete')}
              </Button>
            </>
          }
        >
          {t('record.delete_text')}
        </Dialog>
      )}
    </div>
  )
}

/** The values a copy starts with: what a person could have entered himself. */
function copyOf(entity: ModelEntity, record: RecordData): Record<string, unknown> {
  const entered = entity.fields.filter(
    field => !field.system && !field.computed && (field.right === 'write' || field.right === 'create') && field.type !== 'table',
  )
  return Object.fromEntries(
    entered.filter(field => record[field.key] !== null && record[field.key] !== undefined).map(field => [field.key, record[field.key]]),
  )
}
