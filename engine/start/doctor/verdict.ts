/** What a look at one thing came to: fine, worth a word, or wrong; and what to do about it. Knows none of the things. */

export interface Verdict {
  /** What was looked at, in a word. */
  readonly check: string
  readonly level: 'ok' | 'warning' | 'wrong' | 'skipped'
  readonly found: string
  /** How to mend it; nothing where nothing is to be done. */
  readonly mend?: string
}

/** The verdicts of one check, said in its name. */
export interface Words {
  ok(found: string): Verdict
  warning(found: string, mend: string): Verdict
  wrong(found: string, mend: string): Verdict
  skipped(found: string): Verdict
}

/** The words of a check. */
export function wordsOf(check: string): Words {
  return {
    ok: found => ({ check, level: 'ok', found }),
    warning: (found, mend) => ({ check, level: 'warning', found, mend }),
    wrong: (found, mend) => ({ check, level: 'wrong', found, mend }),
    skipped: found => ({ check, level: 'skipped', found }),
  }
}

/** A number of things. */
export function count(number: number, one: string, more = `${one}s`): string {
  return `${number} ${number === 1 ? one : more}`
}

/** Names, the first few of them. */
export function few(names: readonly string[], shown = 5): string {
  return names.length <= shown ? names.join(', ') : `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`
}

/** What was found to be bad, or that nothing was. */
export function orOk(verdicts: readonly Verdict[], ok: Verdict): Verdict[] {
  return verdicts.length > 0 ? [...verdicts] : [ok]
}

/** A time for people. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
