/** Shows where two changes of a record meet, and asks for each contested field whose value shall stand. A view. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { fieldOf, type ModelEntity } from '../api/model.ts'
import { useWords } from '../i18n/use-words.ts'
import { Dialog } from '../shell/dialog.tsx'
import type { Conflict } from './conflict.ts'
import classes from './conflict-dialog.module.css'
import { RecordValue } from '../lookup/record-value.tsx'

interface ConflictProps {
  readonly entity: ModelEntity
  readonly conflict: Conflict | 'gone'
  readonly saving: boolean
  readonly onResolve: (keepMine: ReadonlySet<string>) => void
  readonly onGiveUp: () => void
  readonly onClose: () => void
}

/** The dialog. */
export function ConflictDialog({ entity, conflict, saving, onResolve, onGiveUp, onClose }: ConflictProps) {
  const { t } = useWords()
  const [keepMine, setKeepMine] = useState<ReadonlySet<string>>(
    () => new Set(conflict === 'gone' ? [] : conflict.contested.map(field => field.key)),
  )
  if (conflict === 'gone') {
    return (
      <Dialog title={t('conflict.gone')} onClose={onClose} footer={<Button onClick={onClose}>{t('app.close')}</Button>}>
        {null}
      </Dialog>
    )
  }
  const keep = (key: string, mine: boolean): void => {
    const next = new Set(keepMine)
    if (mine) next.add(key)
    else next.delete(key)
    setKeepMine(next)
  }
  const labelOf = (key: string): string => fieldOf(entity, key)?.label ?? key
  return (
    <Dialog
      title={t('conflict.title')}
      width={640}
      onClose={onClose}
      footer={
        <>
          <Button variant="subtle" color="gray" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button variant="default" onClick={onGiveUp}>
            {t('conflict.take_theirs')}
          </Button>
          <Button loading={saving} onClick={() => onResolve(keepMine)}>
            {t('conflict.save')}
          </Button>
        </>
      }
    >
      <p className={classes.text}>{t(conflict.contested.length > 0 ? 'conflict.text' : 'conflict.text_disjoint')}</p>
      {conflict.contested.map(field => (
        <fieldset key={field.key} className={classes.field}>
          <legend className={classes.label}>{labelOf(field.key)}</legend>
          <div className={classes.choices}>
            {([true, false] as const).map(mine => (
              <label key={String(mine)} className={classes.choice}>
                <input
                  type="radio"
                  name={`conflict-${field.key}`}
                  checked={keepMine.has(field.key) === mine}
                  onChange={() => keep(field.key, mine)}
                />
                <span className={classes.side}>{t(mine ? 'conflict.mine' : 'conflict.theirs')}</span>
                <span className={classes.value}>
                  <RecordValue entity={entity} field={field.key} value={mine ? field.mine : field.theirs} record={conflict.current} plain />
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      {conflict.theirsOnly.length > 0 && (
        <p className={classes.others}>
          {t('conflict.theirs_only')}: {conflict.theirsOnly.map(labelOf).join(', ')}
        </p>
      )}
    </Dialog>
  )
}
