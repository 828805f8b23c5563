/** Asks whether a record shall be converted and how what is made shall be called; then leads to it. */
import { Button, TextInput } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import type { ModelConversion, ModelEntity, RecordData } from '../api/model.ts'
import { useModel } from '../api/context.ts'
import { NamedIcon } from '../display/icons.tsx'
import { useWords } from '../i18n/use-words.ts'
import { Dialog } from '../shell/dialog.tsx'
import { changedTitles, type Made, madeBy } from './convert.ts'
import classes from './convert-dialog.module.css'
import { useConvert } from './use-convert.ts'
import { useEnv } from './use-env.ts'

interface ConvertProps {
  readonly entity: ModelEntity
  readonly record: RecordData
  readonly conversion: ModelConversion
  readonly onClose: () => void
}

/** The dialog. */
export function ConvertDialog({ entity, record, conversion, onClose }: ConvertProps) {
  const { t } = useWords()
  const model = useModel()
  const env = useEnv()
  // What would be made is decided when the dialog opens: the record is another one once it is converted.
  const [made] = useState(() => madeBy(model, entity, conversion, record, env))
  const [first] = useState(record)
  const [titles, setTitles] = useState<Readonly<Record<string, string>>>({})
  const converting = useConvert(entity, first, conversion)
  const loose = converting.errors.filter(error => !made.some(each => error.pointer === pointerOf(each)))
  const formId = useId()
  const done = converting.made
  if (done !== null) {
    return (
      <Dialog
        title={t('convert.done')}
        onClose={onClose}
        footer={
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('app.close')}
          </Button>
        }
      >
        <ul className={classes.results}>
          {made.flatMap(each => {
            const id = done[each.as]
            return id === undefined ? [] : [<Result key={each.as} made={each} id={id} title={titles[each.as] ?? each.title} />]
          })}
        </ul>
      </Dialog>
    )
  }
  return (
    <Dialog
      title={conversion.label}
      onClose={onClose}
      footer={
        <>
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" form={formId} loading={converting.running}>
            {t('convert.run')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={classes.form}
        onSubmit={event => {
          event.preventDefault()
          void converting.run(changedTitles(made, titles))
        }}
      >
        <p className={classes.text}>{t('convert.text')}</p>
        {loose.length > 0 && (
          <div role="alert" className={classes.problem}>
            {loose.map(error => (
              <p key={error.pointer + error.message}>{error.message}</p>
            ))}
          </div>
        )}
        {made.map(each =>
          each.titleField === null ? (
            <div key={each.as} className={classes.fixed}>
              <span className={classes.label}>{each.label}</span>
              {each.title}
            </div>
          ) : (
            <TextInput
              key={each.as}
              label={each.label}
              leftSection={<NamedIcon name={each.entity.icon} size={16} />}
              value={titles[each.as] ?? each.title}
              onChange={event => setTitles({ ...titles, [each.as]: event.currentTarget.value })}
              error={converting.errors.find(error => error.pointer === pointerOf(each))?.message}
              required
              withAsterisk={false}
            />
          ),
        )}
      </form>
    </Dialog>
  )
}

/** Where the engine points to when a title is at fault. */
function pointerOf({ as, titleField }: Made): string {
  return `/values/${as}/${titleField ?? ''}`
}

function Result({ made, id, title }: { readonly made: Made; readonly id: string; readonly title: string }) {
  return (
    <li>
      <Link to="/records/$entity/$id" params={{ entity: made.entity.key, id }} className={classes.result}>
        <NamedIcon name={made.entity.icon} size={18} />
        <span className={classes.resultText}>
          <span className={classes.label}>{made.label}</span>
          <span className={classes.resultTitle}>{title}</span>
        </span>
        <IconArrowRight size={16} stroke={1.7} aria-hidden />
      </Link>
    </li>
  )
}
