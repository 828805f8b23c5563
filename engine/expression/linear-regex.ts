/**
 * A regular expression that takes linear time, in the shape JSONata expects of one. Knows no expression and no input;
 * patterns that need backtracking (lookaround, back references) are refused by the engine underneath.
 */
import { RE2JS } from 're2js'

/** Stands in for RegExp where JSONata runs a pattern of an expression. */
export class LinearRegex {
  lastIndex = 0
  readonly source: string
  readonly flags: string
  private readonly pattern: RE2JS

  constructor(literal: RegExp) {
    this.source = literal.source
    this.flags = literal.flags
    const multiline = literal.multiline ? RE2JS.MULTILINE : 0
    const caseless = literal.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0
    this.pattern = RE2JS.compile(RE2JS.translateRegExp(literal.source), multiline | caseless)
  }

  /** The next match from `lastIndex` on, as RegExp gives it; null resets to the beginning. */
  exec(text: string): RegExpExecArray | null {
    const matcher = this.pattern.matcher(text)
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0
      return null
    }
    this.lastIndex = matcher.end()
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, number) => matcher.group(number) ?? undefined)
    return Object.assign(groups, { index: matcher.start(), input: text }) as RegExpExecArray
  }
}
