/** A few quiet lines while something loads; tells screen readers so. */
import { Skeleton } from '@mantine/core'
import { useWords } from '../i18n/use-words.ts'
import classes from './waiting.module.css'

/** Lines in place of what is on its way. */
export function Waiting({ lines = 3, page = false }: { readonly lines?: number; readonly page?: boolean }) {
  const { t } = useWords()
  return (
    <div className={page ? classes.page : classes.box} role="status" aria-label={t('app.loading')}>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={12} width={`${92 - ((index * 37) % 45)}%`} />
      ))}
    </div>
  )
}
