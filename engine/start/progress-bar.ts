/** A bar on standard error: drawn over itself on a terminal, a line at every tenth elsewhere. */

export interface ProgressBar {
  show(done: number, total: number | null): void
  end(): void
}

const WIDTH = 30
const EVERY_MS = 100

/** Makes a bar with a name. */
export function progressBar(name: string, out: NodeJS.WriteStream = process.stderr): ProgressBar {
  const started = performance.now()
  let drawnAt = 0
  let tenth = -1
  let isOpen = false
  return {
    show(done, total) {
      if (total === null || total === 0) return
      const share = Math.min(1, done / total)
      const isWhole = share === 1
      const now = performance.now()
      const line = `${name} ${bar(share)} ${String(Math.floor(100 * share)).padStart(3)} % ${done}/${total} rows, ${((now - started) / 1000).toFixed(1)} s`
      if (out.isTTY) {
        if (now - drawnAt < EVERY_MS && !isWhole) return
        drawnAt = now
        isOpen = true
        out.write(`\r${line}`)
      } else if (Math.floor(10 * share) > tenth) {
        tenth = Math.floor(10 * share)
        out.write(`${line}\n`)
      }
    },
    end() {
      if (isOpen) out.write('\n')
    },
  }
}

function bar(share: number): string {
  const full = Math.round(share * WIDTH)
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}]`
}
