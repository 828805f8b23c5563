/** The roles of a tenant as administrators see them: what each gives, and whether they may give it. Pure. */
import type { Labels } from '../../metadata/generated/types.ts'
import type { Locale } from '../kernel/context.ts'
import type { ModelContext } from '../model/types.ts'
import { isWithin } from './containment.ts'
import { resolveRights } from './rights.ts'

/** A role as administrators see it; `assignable` is false where it gives more than the asker holds. */
export interface RoleView {
  readonly key: string
  readonly label: string
  readonly capabilities: readonly string[]
  readonly access_profiles: readonly string[]
  readonly ip_allow: readonly string[]
  readonly assignable: boolean
}

/** Every role of the model, by key. */
export function listRoles(ctx: ModelContext): RoleView[] {
  return [...ctx.model.roles.values()]
    .map(role => ({
      key: role.key,
      label: speak(role.label, ctx.caller.locale) ?? role.key,
      capabilities: role.capabilities ?? [],
      access_profiles: role.access_profiles ?? [],
      ip_allow: role.ip_allow ?? [],
      assignable: isWithin(ctx.model, resolveRights(ctx.model, [role.key]), ctx.caller),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

function speak(labels: Labels, locale: Locale): string | undefined {
  return labels[locale] ?? labels['en'] ?? Object.values(labels)[0]
}
