/** The title of the browser's tab: what is on the page, then the tenant. */
import { useEffect } from 'react'
import { useModel } from '../api/context.ts'

/** Shows `title` in the tab as long as the page is mounted. */
export function useTitle(title: string): void {
  const tenant = useModel().tenant.name
  useEffect(() => {
    document.title = title === '' ? tenant : `${title} · ${tenant}`
  }, [title, tenant])
}
