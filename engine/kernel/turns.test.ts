import { expect, test } from 'vitest'
import { Turns, type TurnRules } from './turns.ts'

const rules = (changed: Partial<TurnRules> = {}): TurnRules => ({
  places: 2,
  each: 2,
  waiting: () => 100,
  refusal: () => new Error('too many'),
  ...changed,
})

/** Work that ends when it is told to, and the order in which it began. */
function scene(turns: Turns) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const run = (who: string, name: string, patienceMs?: number, turn?: 'first'): Promise<void> =>
    turns.run(
      who,
      () => {
        begun.push(name)
        return new Promise<void>(resolve => ends.set(name, resolve))
      },
      patienceMs,
      turn,
    )
  const end = async (name: string): Promise<void> => {
    await new Promise(setImmediate)
    ends.get(name)?.()
    await new Promise(setImmediate)
  }
  return { begun, run, end }
}

test('whoever holds fewest comes first, whatever stands in the queue before him', async () => {
  const { begun, run, end } = scene(new Turns(rules()))
  for (const n of [1, 2, 3, 4, 5]) void run('a', `a${n}`)
  void run('b', 'b1')
  void run('c', 'c1')
  await end('a1')
  await end('a2')
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1'])
})

test('those who hold alike take turns', async () => {
  const { begun, run, end } = scene(new Turns(rules({ places: 1, each: 1 })))
  for (const n of [1, 2, 3]) void run('a', `a${n}`)
  for (const n of [1, 2, 3]) void run('b', `b${n}`)
  for (const name of ['a1', 'b1', 'a2', 'b2', 'a3']) await end(name)
  expect(begun).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3'])
})

test('one who may not hold all places leaves one open for the next', async () => {
  const { begun, run } = scene(new Turns(rules({ places: 3, each: 2 })))
  for (const n of [1, 2, 3, 4]) void run('a', `a${n}`)
  void run('b', 'b1')
  await new Promise(setImmediate)
  expect(begun).toEqual(['a1', 'a2', 'b1'])
})

test('a full queue refuses its owner and nobody else', async () => {
  const { begun, run } = scene(new Turns(rules({ places: 2, each: 1, waiting: () => 1 })))
  void run('a', 'a1')
  void run('a', 'a2')
  await expect(run('a', 'a3')).rejects.toThrow('too many')
  void run('b', 'b1')
  await new Promise(setImmediate)
  expect(begun).toEqual(['a1', 'b1'])
})

test('who has waited as long as he would is gone from the queue', async () => {
  const turns = new Turns(rules({ places: 1, each: 1 }))
  const { begun, run, end } = scene(turns)
  void run('a', 'a1')
  await expect(run('a', 'a2', 1)).rejects.toThrow('too many')
  expect(turns.waiting('a')).toBe(0)
  void run('a', 'a3')
  await end('a1')
  expect(begun).toEqual(['a1', 'a3'])
})

test('a further condition holds one back until it is judged again', async () => {
  const barred = new Set(['a'])
  const { begun, run, end } = scene(new Turns(rules({ mayEnter: who => !barred.has(who) })))
  void run('a', 'a1')
  void run('b', 'b1')
  await new Promise(setImmediate)
  expect(begun).toEqual(['b1'])
  barred.clear()
  await end('b1')
  expect(begun).toEqual(['b1', 'a1'])
})

test('work that fails gives its place back', async () => {
  const turns = new Turns(rules({ places: 1, each: 1 }))
  await expect(turns.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(turns.holders()).toEqual([])
  expect(await turns.run('b', async () => 'in')).toBe('in')
})

test('who would wait too long by how long his own take is told so, and nobody else is', async () => {
  const crowd = { ms: 100, least: 2, refusal: () => new Error('a crowd') }
  const turns = new Turns(rules({ places: 4, each: 2, crowd }))
  const slow = (): Promise<unknown> => turns.run('a', () => new Promise(done => setTimeout(done, 60)))
  // How long they take is known once the first two have ended: then two hold places and one waits.
  const first = [1, 2, 3, 4, 5].map(slow)
  await Promise.all(first.slice(0, 2))
  const coming = await Promise.allSettled([6, 7, 8, 9, 10, 11].map(slow))
  await Promise.all(first)
  expect(coming.map(({ status }) => status).slice(0, 2)).toEqual(['fulfilled', 'fulfilled'])
  expect(coming.at(-1)).toMatchObject({ status: 'rejected', reason: { message: 'a crowd' } })
  const others = [1, 2, 3].map(slow)
  await expect(turns.run('b', () => Promise.resolve('b'))).resolves.toBe('b')
  await Promise.all(others)
})

test('what is asked first stands before all else of the same one, and is never a crowd', async () => {
  const crowd = { ms: 0, least: 0, refusal: () => new Error('a crowd') }
  const { begun, run, end } = scene(new Turns(rules({ places: 1, each: 1 })))
  for (const n of [1, 2, 3]) void run('a', `a${n}`)
  void run('a', 'look', undefined, 'first')
  await end('a1')
  expect(begun).toEqual(['a1', 'look'])
  const crowded = new Turns(rules({ places: 1, each: 1, crowd }))
  let done = (): void => undefined
  await crowded.run('a', () => Promise.resolve())
  const held = crowded.run('a', () => new Promise<void>(resolve => (done = resolve)))
  const look = crowded.run('a', () => Promise.resolve('looked'), undefined, 'first')
  await new Promise(setImmediate)
  done()
  await expect(look).resolves.toBe('looked')
  await held
})
