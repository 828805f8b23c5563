/** What a piece of work costs this process in processor time: the same on a machine that is busy with others, which a clock is not. */

/** Milliseconds of processor time that the work took. */
export function processorMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  return since(before)
}

/** The same of work that is waited for, done in threads of this process for instance; nothing else may be under way in it. */
export async function processorMsAwaited(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  return since(before)
}

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
