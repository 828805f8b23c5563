/** What a piece of work costs this process in processor time: the same on a machine that is busy with others, which a clock is not. */

/** Milliseconds of processor time that the work took. */
export function processorMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
