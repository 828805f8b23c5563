/** What stands where a page will be while its part of the app is on its way: on a weak link that takes seconds. */
import { Waiting } from '../shell/waiting.tsx'

/** The page that is coming. */
export function PendingPage() {
  return <Waiting page lines={8} />
}
