/**
 * N1: two worlds that differ in nothing but what a caller must not see answer a script of his alike, to the byte. The script is generated from
 * what he may ask; the difference is everything hidden from him at once: fields, rows, the other tenant.
 */
import { expect, test } from 'vitest'
import { viewOf } from './caller-view.ts'
import { forbiddenTo, leaksIn } from './leaks.ts'
import { READING_ROUTES } from './route-table.ts'
import { scramble } from './scramble.ts'
import { differences, transcribe } from './transcript.ts'
import { openWorld } from './world.ts'

/** Callers with something to hide from them, and in every way of hiding there is. */
const CALLERS = ['rep', 'manager', 'clerk', 'analyst', 'client', 'supplier', 'professional', 'warden', 'union', 'key', 'auditor']

test.each(CALLERS)(
  '%s can not tell the two worlds apart by reading',
  async person => {
    const caller = `north/${person}`
    const [a, b] = await Promise.all([openWorld(), openWorld()])
    const view = await viewOf(a, caller)
    const scrambled = await scramble(b, caller)
    // The auditor sees all there is; what differs for him is the other tenant alone.
    if (person !== 'auditor') expect(Math.min(scrambled.fields, scrambled.changedRows)).toBeGreaterThan(20)
    const script = Object.values(READING_ROUTES).flatMap(calls => calls(view))
    const [readA, readB] = [await transcribe(a, caller, script), await transcribe(b, caller, script)]
    expect(differences(readA, readB)).toEqual([])
    const forbidden = await forbiddenTo(view)
    expect([...readA].flatMap(([name, text]) => leaksIn(name, text, forbidden).map(leak => `${name} told ${leak}`))).toEqual([])
    const statuses = [...readA.values()].map(text => text.slice(0, 3))
    expect(statuses.filter(status => status === '200').length).toBeGreaterThan(script.length / 4)
    expect(statuses.filter(status => status.startsWith('5'))).toEqual([])
    await Promise.all([a.close(), b.close()])
  },
  300_000,
)
