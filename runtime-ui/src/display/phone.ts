/**
 * Phone numbers as the people of their country write them: `+` and digits of ITU-T E.164 in, groups out. Pure; what is no such number is
 * shown as it is.
 */

/** Calling codes of one and two digits; all others have three. */
const SHORT_CODES = /^(?:1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/

/** How many digits stand together after the calling code, by it; the first rule that fits counts. */
const GROUPS: Readonly<Record<string, readonly (readonly [begins: RegExp, groups: readonly number[]])[]>> = {
  1: [[/^\d{10}$/, [3, 3, 4]]],
  7: [[/^\d{10}$/, [3, 3, 2, 2]]],
  30: [[/^2[1-9]/, [3, 3, 4]]],
  31: [
    [/^6/, [1, 4, 4]],
    [/^(?:10|20|30|40|70)/, [2, 3, 4]],
  ],
  32: [
    [/^4/, [3, 2, 2, 2]],
    [/^[2349]/, [1, 3, 2, 2]],
  ],
  33: [[/^\d{9}$/, [1, 2, 2, 2, 2]]],
  34: [[/^\d{9}$/, [3, 3, 3]]],
  39: [
    [/^3/, [3, 3, 4]],
    [/^0[26]/, [2, 4, 4]],
    [/^0/, [3, 3, 4]],
  ],
  41: [[/^\d{9}$/, [2, 3, 2, 2]]],
  43: [
    [/^1/, [1, 3, 4]],
    [/^6/, [3, 3, 4]],
  ],
  44: [
    [/^2/, [2, 4, 4]],
    [/^[13](?:1\d|\d1)/, [3, 3, 4]],
    [/^[17]/, [4, 6]],
  ],
  45: [[/^\d{8}$/, [2, 2, 2, 2]]],
  46: [[/^\d{9}$/, [2, 3, 2, 2]]],
  47: [
    [/^[49]/, [3, 2, 3]],
    [/^\d{8}$/, [2, 2, 2, 2]],
  ],
  48: [
    [/^[5-8]/, [3, 3, 3]],
    [/^\d{9}$/, [2, 3, 2, 2]],
  ],
  49: [
    [/^(?:30|40|69|89)/, [2, 4, 4]],
    [/^1[567]/, [3, 4, 4]],
    [/^\d{5}/, [3, 4, 4]],
  ],
  52: [
    [/^(?:33|55|56|81)/, [2, 4, 4]],
    [/^\d{10}$/, [3, 3, 4]],
  ],
  54: [[/^11/, [2, 4, 4]]],
  55: [
    [/^\d{11}$/, [2, 5, 4]],
    [/^\d{10}$/, [2, 4, 4]],
  ],
  56: [[/^\d{9}$/, [1, 4, 4]]],
  57: [[/^\d{10}$/, [3, 3, 4]]],
  61: [
    [/^4/, [3, 3, 3]],
    [/^\d{9}$/, [1, 4, 4]],
  ],
  86: [[/^1/, [3, 4, 4]]],
  90: [[/^\d{10}$/, [3, 3, 2, 2]]],
  91: [[/^\d{10}$/, [5, 5]]],
  351: [[/^\d{9}$/, [3, 3, 3]]],
  375: [[/^\d{9}$/, [2, 3, 2, 2]]],
  380: [[/^\d{9}$/, [2, 3, 2, 2]]],
  420: [[/^\d{9}$/, [3, 3, 3]]],
  421: [[/^\d{9}$/, [3, 3, 3]]],
  994: [[/^\d{9}$/, [2, 3, 2, 2]]],
  998: [[/^\d{9}$/, [2, 3, 2, 2]]],
}

/** `+493055501234` as `+49 30 5550 1234`. */
export function formatPhone(value: unknown): string {
  const text = String(value ?? '')
  if (!/^\+[1-9]\d{5,14}$/.test(text)) return text
  const code = SHORT_CODES.exec(text.slice(1))?.[0] ?? text.slice(1, 4)
  const rest = text.slice(1 + code.length)
  const groups = GROUPS[code]?.find(([begins]) => begins.test(rest))?.[1]
  return [`+${code}`, ...(groups ? cut(rest, groups) : inThrees(rest))].join(' ')
}

/** The digits in groups; what is left over joins the last one. */
function cut(digits: string, groups: readonly number[]): string[] {
  const parts: string[] = []
  let at = 0
  for (const [place, size] of groups.entries()) {
    parts.push(digits.slice(at, place === groups.length - 1 ? undefined : at + size))
    at += size
  }
  return parts.filter(part => part !== '')
}

/** Threes from the front, and no digit alone at the end. */
function inThrees(digits: string): string[] {
  const parts = digits.match(/\d{1,3}/g) ?? []
  const last = parts.at(-1) ?? ''
  if (last.length > 1 || parts.length < 2) return parts
  const joined = (parts.at(-2) ?? '') + last
  return [...parts.slice(0, -2), joined.slice(0, 2), joined.slice(2)]
}
