/** A bar on standard error, drawn over itself; only where it is a terminal, so that no log is filled with bars. */

export interface ProgressBar {
  /** How far it has come; of an unknown total nothing is drawn. */
  show(done: number, total: number | null): void
  end(): void
}

const WIDTH = 30
const EVERY_MS = 100

/** Makes a bar with a name; `spell` says a count with its unit. */
export function progressBar(
  name: string,
  spell: (done: number, total: number) => string = (done, total) => `${done}/${total} rows`,
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
): ProgressBar {
  const started = performance.now()
  let drawnAt = Number.NEGATIVE_INFINITY
  let isOpen = false
  return {
    show(done, total) {
      if (!out.isTTY || total === null || total === 0) return
      const share = Math.min(1, done / total)
      const isWhole = share === 1
      const now = performance.now()
      if (now - drawnAt < EVERY_MS && !isWhole) return
      drawnAt = now
      isOpen = true
      const percent = String(Math.floor(100 * share)).padStart(3)
      out.write(`\r${name} ${bar(share)} ${percent} % ${spell(done, total)}, ${((now - started) / 1000).toFixed(1)} s  `)
    },
    end() {
      if (isOpen) out.write('\n')
      isOpen = false
    },
  }
}

function bar(share: number): string {
  const full = Math.round(share * WIDTH)
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}]`
}
