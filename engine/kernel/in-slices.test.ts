import { expect, test } from 'vitest'
import { inOneGo, type Steps } from '../../metadata/steps.ts'
import { inSlices } from './in-slices.ts'

function* work(steps: number, done: string[]): Steps<string> {
  for (let n = 0; n < steps; n++) {
    const until = performance.now() + 3
    while (performance.now() < until);
    done.push('step')
    yield
  }
  return 'made'
}

test('work in slices gives what it gives in one go, and lets others in between', async () => {
  const done: string[] = []
  const other = setInterval(() => done.push('other'), 0)
  expect(await inSlices(work(20, done), () => 1)).toBe('made')
  clearInterval(other)
  expect(done.filter(each => each === 'step')).toHaveLength(20)
  // Somebody else was served before the work had ended.
  expect(done.lastIndexOf('step')).toBeGreaterThan(done.indexOf('other'))
  expect(inOneGo(work(2, []))).toBe('made')
})

test('what the work throws is thrown', async () => {
  const broken = function* (): Steps<string> {
    yield
    throw new Error('no')
  }
  await expect(inSlices(broken())).rejects.toThrow('no')
})
