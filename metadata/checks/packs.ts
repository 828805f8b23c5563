// Answers for: packs stand upon the packs they need, in versions new enough.
// It must not know what is in them.

import type { Pack } from '../generated/types.ts'
import { pointerOf } from '../problem.ts'
import { words } from '../said.ts'
import type { Reporter } from './findings.ts'

/** Checks that what a pack requires lies below it. */
export function checkPack(pack: Pack, report: Reporter): void {
  const packs = report.facts.all('pack')
  const below = new Map(packs.slice(0, packs.indexOf(pack)).map(each => [each.key, each.version]))
  for (const [key, least] of Object.entries(pack.requires ?? {})) {
    const place = pointerOf('requires', key)
    const version = below.get(key)
    if (version === undefined) report.unknown('pack', key, place, below.keys())
    else if (!isEnough(version, least))
      report.problem(
        'MODEL_PACK_VERSION',
        place,
        words('“{pack}” needs “{key}” {least}, there is {version}.', { pack: pack.key, key, least, version }),
        {
          params: { required: least, present: version },
        },
      )
  }
}

/** The same major version, and not older. */
function isEnough(present: string, least: string): boolean {
  const [a = 0, b = 0, c = 0] = present.split('.').map(Number)
  const [x = 0, y = 0, z = 0] = least.split('.').map(Number)
  return a === x && (b > y || (b === y && c >= z))
}
