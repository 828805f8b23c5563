/** Runs steps in a world and writes down what was answered, without what differs by nature: trace ids, dates, the bytes of cursors, fresh ids. */
import type { Step } from './caller-view.ts'
import type { World, WorldAnswer } from './world.ts'

/** What one step was answered, page by page, ready to be compared to the byte. */
export type Transcript = ReadonlyMap<string, string>

/** Answers are fetched some at a time; reading does not depend on the order. */
const AT_ONCE = 6
/** Pages that are followed; a script's lists are short. */
const MOST_PAGES = 8

/** What differs between two answers to one question by nature. */
const BY_NATURE = new Set(['date', 'trace-id', 'connection', 'keep-alive'])

/** Reads a script. */
export async function transcribe(
  world: World,
  caller: string | null,
  steps: readonly Step[],
  fresh: FreshIds = new FreshIds(world),
): Promise<Transcript> {
  const written = new Map<string, string>()
  const queue = steps.map((step, index) => ({ step, index }))
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      written.set(`${next.index} ${next.step.name}`, await readStep(world, caller, next.step, fresh))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return new Map([...written].toSorted(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10)))
}

/** Does things one after the other, as a script of changes must be. */
export async function transcribeInOrder(world: World, caller: string, steps: readonly Step[]): Promise<Transcript> {
  const fresh = new FreshIds(world)
  const written = new Map<string, string>()
  // What is written carries the time it was written at.
  world.wind(60_000)
  for (const [index, step] of steps.entries()) written.set(`${index} ${step.name}`, await readStep(world, caller, step, fresh))
  return written
}

async function readStep(world: World, caller: string | null, { request, follow }: Step, fresh: FreshIds): Promise<string> {
  const pages: string[] = []
  let ask = request
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await world.send(caller, ask)
    pages.push(normalise(answer, fresh))
    const next = follow === true ? nextOf(answer) : null
    if (next === null) break
    ask =
      request.method === 'GET'
        ? { ...request, path: `${request.path}&after=${next}` }
        : { ...request, body: { ...(request.body as object), after: next } }
  }
  return pages.join('\n')
}

function nextOf({ json }: WorldAnswer): string | null {
  return (json as { page?: { next?: string | null } } | undefined)?.page?.next ?? null
}

/** An answer as text, with its status and headers. */
export function normalise({ status, headers, text }: WorldAnswer, fresh: FreshIds): string {
  const kept = Object.entries(headers)
    .filter(([name]) => !BY_NATURE.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const body = text
    .replaceAll(/"trace_id":"[0-9a-f]{32}"/g, '"trace_id":""')
    // The bytes of a cursor are random; how many they are is not.
    .replaceAll(/"next":"([A-Za-z0-9_-]+)"/g, (_, cursor: string) => `"next":"${cursor.length}"`)
  return fresh.name(`${status} ${body}\n${JSON.stringify(kept)}`)
}

/** Names ids that were made after the world began by the order in which they are met. */
export class FreshIds {
  private readonly known = new Map<string, string>()
  private readonly seeded: ReadonlySet<string>

  constructor(world: World) {
    const tenants = ['north', 'south']
    this.seeded = new Set([...tenants.flatMap(tenant => Object.values(world.ids(tenant))), ...tenants.map(world.tenantId)])
  }

  name(text: string): string {
    return text.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, id => {
      if (this.seeded.has(id)) return id
      const name = this.known.get(id) ?? `fresh-${this.known.size + 1}`
      this.known.set(id, name)
      return name
    })
  }
}

/** Steps that were answered differently, with both answers; empty where the two worlds can not be told apart. */
export function differences(a: Transcript, b: Transcript): string[] {
  return [...a].flatMap(([name, text]) => {
    const other = b.get(name)
    return other === text ? [] : [`${name}\n  A ${around(text, other ?? '')}\n  B ${around(other ?? '', text)}`]
  })
}

/** The place where two texts part, with some of what stands before it. */
function around(text: string, other: string): string {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  return text.slice(Math.max(0, at - 160), at + 300)
}
