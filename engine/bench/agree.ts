/** Before anything is measured: do both sides answer the same? A comparison of different answers is none. */
import type { BenchCase, Side } from './cases.ts'
import { randomOf } from './cases.ts'
import type { Person } from './people.ts'
import type { Running } from './processes.ts'

const ASKED_EACH = 12

/** Asks both sides the same questions of several people; throws at the first difference. */
export async function requireSameAnswers(
  cases: readonly BenchCase[],
  people: readonly Person[],
  engine: Running,
  floor: Running,
): Promise<void> {
  for (const asked of cases.filter(each => !each.writes)) {
    for (let at = 0; at < ASKED_EACH; at++) {
      const person = people[Math.floor(randomOf(at + 1)() * people.length)]
      if (person === undefined) continue
      const [left, right] = await Promise.all([answer(asked, 'engine', person, at, engine), answer(asked, 'floor', person, at, floor)])
      if (left !== right)
        throw new Error(
          `${asked.key} of ${person.floorToken} is answered differently.\nengine: ${left.slice(0, 800)}\nfloor:  ${right.slice(0, 800)}`,
        )
    }
  }
}

/** What an answer says, without the order of members. */
async function answer(asked: BenchCase, side: Side, person: Person, seed: number, { origin }: Running): Promise<string> {
  const { method, path, headers, body } = asked.request(side, person, randomOf(seed), { versions: new Map(), counter: { next: 0 } })
  const response = await fetch(origin + (path ?? ''), {
    method: method ?? 'GET',
    headers: headers as Record<string, string>,
    ...(body === undefined ? {} : { body: String(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${asked.key} of the ${side} answered ${response.status}: ${text}`)
  return sorted((JSON.parse(text) as { data: unknown }).data)
}

/** Lists of the many-valued kind are empty on one side and null on the other where nothing was ever put in. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (Array.isArray(member)) return member.length === 0 ? null : member
    if (typeof member !== 'object' || member === null) return member
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
