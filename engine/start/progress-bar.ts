/** A bar on standard error, drawn over itself; only where it is a terminal, so that no log is filled with bars. */

export interface ProgressBar {
  /** How far it has come; of an unknown total only that is told. */
  show(done: number, total: number | null): void
  end(): void
  /** Does the work and ends the bar whatever comes of it: what is said next begins a line. */
  during<T>(work: () => Promise<T>): Promise<T>
}

const WIDTH = 30
const EVERY_MS = 100

/** Makes a bar with a name; `spell` says a count with its unit, where there is one with its total. */
export function progressBar(
  name: string,
  spell: (done: number, total: number | null) => string = (done, total) => `${total === null ? done : `${done}/${total}`} rows`,
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
): ProgressBar {
  const started = performance.now()
  let drawnAt = Number.NEGATIVE_INFINITY
  let isOpen = false
  const end = (): void => {
    if (isOpen) out.write('\n')
    isOpen = false
  }
  return {
    show(done, total) {
      if (!out.isTTY || total === 0) return
      const share = total === null ? null : Math.min(1, done / total)
      const now = performance.now()
      if (now - drawnAt < EVERY_MS && share !== 1) return
      drawnAt = now
      isOpen = true
      const drawn = share === null ? '' : ` ${bar(share)} ${String(Math.floor(100 * share)).padStart(3)} %`
      out.write(`\r${name}${drawn} ${spell(done, total)}, ${((now - started) / 1000).toFixed(1)} s  `)
    },
    end,
    during: work => work().finally(end),
  }
}

function bar(share: number): string {
  const full = Math.round(share * WIDTH)
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}]`
}
