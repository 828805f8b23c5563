/**
 * N1 for changes: what a caller tries to change is answered alike in both worlds, whatever it names that is hidden, foreign or gone. Of the four
 * things that may show through (contracts §5) two can come up in the script, disclosed rollups and gaps in autonumbers: their values are left
 * out of the answers by name. The other two have a test each.
 */
import { expect, test } from 'vitest'
import { type CallerView, viewOf } from './caller-view.ts'
import { CHANGING_ROUTES } from './route-table.ts'
import { scramble } from './scramble.ts'
import { differences, type Transcript, transcribeInOrder } from './transcript.ts'
import { openWorld } from './world.ts'

const CALLERS = ['rep', 'manager', 'clerk', 'client', 'supplier', 'professional', 'warden', 'key']

test.each(CALLERS)(
  '%s can not tell the two worlds apart by changing',
  async person => {
    const caller = `north/${person}`
    const [a, b] = await Promise.all([openWorld(), openWorld()])
    const view = await viewOf(a, caller)
    await scramble(b, caller, { keepRules: true })
    const script = Object.values(CHANGING_ROUTES).flatMap(calls => calls(view))
    const [madeA, madeB] = [await transcribeInOrder(a, caller, script), await transcribeInOrder(b, caller, script)]
    const hide = await exceptions(view)
    expect(differences(hide(madeA), hide(madeB))).toEqual([])
    expect([...madeA.values()].filter(text => text.startsWith('5'))).toEqual([])
    await Promise.all([a.close(), b.close()])
  },
  300_000,
)

/** Takes the values out that may show through: of rollups that are declared to show hidden rows, and of autonumbers. */
async function exceptions(view: CallerView): Promise<(made: Transcript) => Transcript> {
  const { model } = await view.world.wired.models.current(view.world.tenantId(view.tenant))
  const fields = [...model.entities.values()].flatMap(entity => [...entity.fields.values()])
  const keys = fields
    .filter(({ derivation }) => derivation?.kind === 'autonumber' || (derivation?.kind === 'rollup' && derivation.discloses))
    .map(field => field.key)
  const pattern = new RegExp(`"(${[...new Set(keys)].join('|')})":("[^"]*"|[^,}]*)`, 'g')
  const length = /\["content-length","\d+"\],?/g
  return made => new Map([...made].map(([name, text]) => [name, text.replaceAll(pattern, '"$1":0').replaceAll(length, '')]))
}
