/** Breaks a statement into lines that can be read: clauses begin lines, parentheses indent. Pure; knows words, not meaning. */

const CLAUSES =
  /^(select|from|where|order by|group by|having|limit|left join|inner join|cross join|join|union all|union|returning|set|values|on conflict|with|insert into|update|delete from)\b/i
const TOKENS = /'(?:[^']|'')*'|"[^"]*"|\(|\)|,|\s+|[^\s'"(),]+/g

/** The lines of a statement, none longer than `width` unless a single word is. */
export function formatSql(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let depth = 0
  let lineDepth = 0
  const open = (at: number): void => {
    if (line.trim() !== '') lines.push(line.trimEnd())
    lineDepth = at
    line = ' '.repeat(at * 2)
  }
  let offset = 0
  for (const [token] of text.matchAll(TOKENS)) {
    const ahead = text.slice(offset, offset + 14)
    offset += token.length
    if (/^\s+$/.test(token)) {
      if (line.trim() !== '') line += ' '
      continue
    }
    if (CLAUSES.test(ahead) && !/^(set|values|update)\b/i.test(ahead) && line.trim() !== '' && !line.trimEnd().endsWith('for')) open(depth)
    if (token === ')') depth = Math.max(0, depth - 1)
    if (line.length + token.length > width && line.trim() !== '' && token !== ',' && token !== ')') open(lineDepth + 1)
    line += token
    if (token === '(') depth += 1
  }
  open(0)
  return lines
}
