import { expect, test } from 'vitest'
import { findCycle, longestWay } from './cycles.ts'

const graph = (edges: Record<string, string[]>) => (node: string) => edges[node] ?? []

test('finds the nodes of a circle, without the way that leads into it', () => {
  expect(findCycle(['a'], graph({ a: ['b'], b: ['c', 'd'], d: ['b'] }))).toEqual(['b', 'd'])
  expect(findCycle(['x', 'a'], graph({ a: ['a'] }))).toEqual(['a'])
})

test('takes two ways to the same node for no circle', () => {
  expect(findCycle(['a'], graph({ a: ['b', 'c'], b: ['d'], c: ['d'] }))).toBeNull()
})

test('walks a chain of thousands without recursion', () => {
  expect(findCycle(['0'], node => (Number(node) < 3000 ? [String(Number(node) + 1)] : []))).toBeNull()
})

test('measures the longest of several ways', () => {
  const steps: Record<string, { to: string; weight: number }[]> = {
    a: [
      { to: 'b', weight: 1 },
      { to: 'd', weight: 1 },
    ],
    b: [{ to: 'c', weight: 0 }],
    c: [{ to: 'd', weight: 1 }],
  }
  expect(longestWay('a', node => steps[node] ?? [])).toBe(2)
})
