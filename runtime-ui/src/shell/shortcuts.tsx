/** The sheet of keyboard shortcuts. */
import { Button, Kbd } from '@mantine/core'
import { useWords } from '../i18n/use-words.ts'
import type { MessageKey } from '../i18n/en.ts'
import { Dialog } from './dialog.tsx'
import classes from './shortcuts.module.css'

const MOD = /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘' : 'Ctrl'
const SHEET: readonly { readonly title: MessageKey; readonly keys: readonly (readonly [MessageKey, ...string[]])[] }[] = [
  {
    title: 'keys.everywhere',
    keys: [
      ['keys.palette', MOD, 'K'],
      ['keys.help', '?'],
      ['keys.close', 'Esc'],
    ],
  },
  {
    title: 'keys.in_list',
    keys: [
      ['keys.search', '/'],
      ['keys.create', 'C'],
      ['keys.move', '↑', '↓', 'J', 'K'],
      ['keys.open', 'Enter'],
    ],
  },
  {
    title: 'keys.in_record',
    keys: [
      ['keys.edit', 'E'],
      ['keys.save', MOD, 'S'],
    ],
  },
]

/** The sheet. */
export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords()
  return (
    <Dialog
      title={t('keys.title')}
      onClose={onClose}
      footer={
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('app.close')}
        </Button>
      }
    >
      {SHEET.map(part => (
        <section key={part.title} className={classes.part}>
          <h3 className={classes.title}>{t(part.title)}</h3>
          <dl className={classes.list}>
            {part.keys.map(([label, ...keys]) => (
              <div key={label} className={classes.line}>
                <dt>{t(label)}</dt>
                <dd className={classes.keys}>
                  {keys.map(key => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
