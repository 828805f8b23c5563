/** What stands where no page is: an address that leads nowhere, and a page that broke while it was drawn. */
import { notFound } from '../api/client.ts'
import { Failure } from '../shell/failure.tsx'

/** The page of an address that leads nowhere. */
export function LostPage() {
  return <Failure page error={notFound} />
}

/** The page of one that broke; a new start is what cures it, also where a part of the app could not be loaded. */
export function BrokenPage({ error }: { readonly error: unknown }) {
  return <Failure page error={error} onRetry={() => location.reload()} />
}
