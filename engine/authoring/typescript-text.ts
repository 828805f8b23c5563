/**
 * Gives generated TypeScript the form in which people read it: indented, one-line comments, unions filled up to a width. Only moves blanks and
 * quotes, never inside of a text; the compiler's own formatter takes three times as long as making the types. Pure.
 */

const WIDTH = 120
const TEXT = /"(?:[^"\\]|\\.)*"/g

/** Lays out types as json-schema-to-typescript writes them unformatted: a line is a comment, a member or a closing brace. */
export function layOut(raw: string): string {
  const lines: string[] = []
  let depth = 0
  for (const line of joinedComments(raw.split('\n'))) {
    if (line.startsWith('}')) depth -= 1
    const indent = '  '.repeat(Math.max(0, depth))
    lines.push(...(/^(\/\*\*| \*)/.test(line) ? [`${indent}${line}`] : wrapped(withoutParentheses(line), indent)))
    if (line.endsWith('{')) depth += 1
  }
  return lines.join('\n')
}

/** A comment of one line on one line; who refers to a type is no news to its reader. */
function joinedComments(lines: readonly string[]): string[] {
  const joined: string[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line !== '/**') {
      if (line !== '') joined.push(line)
      continue
    }
    const end = lines.indexOf(' */', at)
    const said = lines
      .slice(at + 1, end)
      .join('\n')
      .replace(REFERRED, '')
      .replace(/\n \* *$/, '')
    const words = said.split('\n').filter(each => each !== '')
    if (words.length === 1) joined.push(`/** ${(words[0] ?? '').slice(3)} */`)
    else if (words.length > 1) joined.push('/**', ...words, ' */')
    at = end
  }
  return joined
}

const REFERRED = /(?:^|\n \*\s*\n) \* This (?:interface|type) was referenced by `\w+`'s JSON-Schema\n \* via the `definition` "\w+"\./

/** `a: ("x" | null)` → `a: "x" | null`, where nothing follows that the parentheses are for. */
function withoutParentheses(line: string): string {
  const [, head = '', inner] = /^(.*?(?:: |= ))\((.*)\)$/.exec(line) ?? []
  if (inner === undefined) return line
  let depth = 0
  for (const character of inner.replaceAll(TEXT, '')) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0
    if (depth < 0) return line
  }
  return head + inner
}

/** A line with single quotes, its union cut before members that would go beyond the width. */
function wrapped(line: string, indent: string): string[] {
  const texts: string[] = []
  const masked = line.replaceAll(TEXT, text => {
    texts.push(/['\\]/.test(text) ? text : `'${text.slice(1, -1)}'`)
    return '\u0000'
  })
  const restored = (part: string): string => part.replaceAll('\u0000', () => texts.shift() ?? '')
  const lines: string[] = []
  let current = indent
  for (const [at, member] of masked.split(' | ').entries()) {
    const part = at === 0 ? restored(member) : ` | ${restored(member)}`
    if (at > 0 && current.length + part.length > WIDTH) {
      lines.push(current)
      current = `${indent} ${part}`
    } else current += part
  }
  return [...lines, current]
}
