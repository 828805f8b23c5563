/** The context in which the records room works, made of a request at the door. */
import type { RecordContext } from '../records/index.ts'
import type { DoorRequest } from './route.ts'

/** Takes the tenant's model and joins what records stand on. */
export async function recordContext(door: DoorRequest): Promise<RecordContext> {
  return { ...(await door.model()), db: door.engine.database, cursors: door.engine.cursors }
}
