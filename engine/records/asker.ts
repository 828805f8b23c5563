/** Who asks, as cursors are bound to it. */
import type { ModelContext } from '../model/types.ts'
import type { Asker } from '../validate/index.ts'

export function askerOf(ctx: ModelContext): Asker {
  return { tenantId: ctx.caller.tenant.id, userId: ctx.caller.userId, profiles: ctx.caller.profiles }
}
