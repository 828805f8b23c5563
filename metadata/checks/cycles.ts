// Answers for: circles in a directed graph, and the longest way through one without circles.
// It must not know what its nodes are.

/** The nodes of the first circle found, in order, or null. */
export function findCycle(nodes: Iterable<string>, next: (node: string) => readonly string[]): string[] | null {
  const done = new Set<string>()
  for (const start of nodes) {
    const found = circleFrom(start, next, done)
    if (found !== null) return found
  }
  return null
}

function circleFrom(start: string, next: (node: string) => readonly string[], done: Set<string>): string[] | null {
  const path: string[] = []
  const waiting: string[][] = [[start]]
  while (waiting.length > 0) {
    const node = waiting.at(-1)?.pop()
    if (node === undefined) {
      waiting.pop()
      const left = path.pop()
      if (left !== undefined) done.add(left)
      continue
    }
    if (path.includes(node)) return path.slice(path.indexOf(node))
    if (done.has(node)) continue
    path.push(node)
    waiting.push([...next(node)])
  }
  return null
}

/** The longest way from a node, counted in steps that `weigh` gives; the graph must have no circle. */
export function longestWay(
  node: string,
  next: (node: string) => readonly { readonly to: string; readonly weight: number }[],
  known = new Map<string, number>(),
): number {
  const before = known.get(node)
  if (before !== undefined) return before
  const length = Math.max(0, ...next(node).map(step => step.weight + longestWay(step.to, next, known)))
  known.set(node, length)
  return length
}
