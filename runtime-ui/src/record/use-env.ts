/** What conditions of a form may look at besides its values: the caller, the moment, the tenant's calendar. */
import { useMemo } from 'react'
import type { EvaluateEnv } from '../../../metadata/predicate.ts'
import { useMe, useModel } from '../api/context.ts'
import { useNow } from '../display/use-now.ts'

/** What conditions may look at besides the values. */
export function useEnv(): EvaluateEnv {
  const me = useMe()
  const { tenant } = useModel()
  const now = useNow()
  return useMemo(
    () => ({
      user: { ...me.user },
      now: new Date(now).toISOString(),
      timeZone: me.user.time_zone ?? tenant.time_zone,
      weekStart: tenant.week_start,
    }),
    [me, tenant, now],
  )
}
