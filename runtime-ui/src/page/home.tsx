/** The first page: where the navigation begins, or a word when there is nothing to open. */
import { IconInbox } from '@tabler/icons-react'
import { Navigate } from '@tanstack/react-router'
import { useWords } from '../i18n/use-words.ts'
import { useModel } from '../api/context.ts'
import { Notice } from '../shell/failure.tsx'
import { navigationGroups } from '../shell/navigation.tsx'

/** Leads to the first line of the navigation. */
export function Home() {
  const { t } = useWords()
  const first = navigationGroups(useModel())[0]?.items[0]
  if (!first?.entity) {
    return <Notice page icon={<IconInbox size={28} stroke={1.5} />} title={t('shell.nothing_title')} text={t('shell.nothing_text')} />
  }
  return <Navigate to="/records/$entity" params={{ entity: first.entity }} search={first.view ? { view: first.view } : {}} replace />
}
