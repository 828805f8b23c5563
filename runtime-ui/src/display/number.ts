/**
 * Numbers between the wire and a person: exact decimal text in, grouped text of the locale out, and back.
 * Never goes through a float; knows no field and no screen.
 */

const EXACT = /^-?\d+(\.\d+)?$/

/** True for a decimal as it travels. */
export function isDecimal(text: unknown): text is `${number}` {
  return typeof text === 'string' && EXACT.test(text)
}

/** How many digits stand after the point. */
export interface Digits {
  readonly least?: number
  readonly most?: number
}

/** A number in the locale's notation; what is no number is shown as it is. */
export function formatNumber(value: unknown, locale: string, digits: Digits = {}): string {
  const number = typeof value === 'number' ? value : isDecimal(value) ? value : null
  if (number === null) return String(value ?? '')
  const least = digits.least ?? 0
  return formatter(locale, { minimumFractionDigits: least, maximumFractionDigits: Math.max(least, digits.most ?? 12) }).format(number)
}

/** An amount with its currency, such as `1 250,00 €`. */
export function formatMoney(amount: unknown, currency: string | null | undefined, locale: string, digits: Digits = { least: 2 }): string {
  if (!currency || !/^[A-Z]{3}$/.test(currency)) return formatNumber(amount, locale, digits)
  if (typeof amount !== 'number' && !isDecimal(amount)) return String(amount ?? '')
  const least = digits.least ?? 0
  return formatter(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: least,
    maximumFractionDigits: Math.max(least, digits.most ?? 6),
  }).format(amount)
}

/** A share of hundred, such as `12.5 %` for `"12.5"`. */
export function formatPercent(value: unknown, locale: string, digits: Digits = {}): string {
  if (typeof value !== 'number' && !isDecimal(value)) return String(value ?? '')
  return formatter(locale, { style: 'unit', unit: 'percent', maximumFractionDigits: digits.most ?? 6 }).format(value)
}

/** An amount in few characters, such as `1.2M €`, for places where exactness is elsewhere. */
export function formatCompactMoney(amount: unknown, currency: string | null | undefined, locale: string): string {
  const number = typeof amount === 'number' ? amount : isDecimal(amount) ? amount : null
  if (number === null) return ''
  const options: Intl.NumberFormatOptions = { notation: 'compact', maximumFractionDigits: 1 }
  if (currency && /^[A-Z]{3}$/.test(currency)) Object.assign(options, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  return formatter(locale, options).format(number)
}

/** The symbol of a currency in the locale, such as `€`. */
export function currencySymbol(currency: string, locale: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return currency
  const parts = formatter(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(0)
  return parts.find(part => part.type === 'currency')?.value ?? currency
}

/** The locale's sign between whole and fraction. */
export function decimalSign(locale: string): string {
  return (
    formatter(locale, {})
      .formatToParts(1.5)
      .find(part => part.type === 'decimal')?.value ?? '.'
  )
}

/** A decimal as a person edits it: the locale's decimal sign, no groups. */
export function editableDecimal(value: string, locale: string): string {
  return value.replace('.', decimalSign(locale))
}

/**
 * Reads what a person typed: groups by space, apostrophe or the locale's sign are skipped, either decimal sign is
 * understood. Null where it is not a number.
 */
export function parseDecimal(text: string, locale: string): string | null {
  const compact = text.replace(/[\s\u00a0\u202f'’]/g, '').replace(/[\u2212\u2013]/g, '-')
  if (compact === '') return null
  const plain = withPointOnly(compact, decimalSign(locale))
  if (plain === null || !/^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain)) return null
  const negative = plain.startsWith('-')
  const [whole = '', fraction = ''] = plain.replace(/^[-+]/, '').split('.')
  const digits = whole.replace(/^0+(?=\d)/, '') || '0'
  const magnitude = fraction === '' ? digits : `${digits}.${fraction}`
  return negative && /[1-9]/.test(magnitude) ? `-${magnitude}` : magnitude
}

function withPointOnly(text: string, sign: string): string | null {
  const points = text.split('.').length - 1
  const commas = text.split(',').length - 1
  if (points + commas === 0) return text
  // Both are there: the later one is the decimal sign, the other groups digits.
  if (points > 0 && commas > 0) {
    const decimal = text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ','
    if (text.split(decimal).length > 2) return null
    return text.replaceAll(decimal === '.' ? ',' : '.', '').replace(decimal, '.')
  }
  const only = points > 0 ? '.' : ','
  if (Math.max(points, commas) > 1) return /^[-+]?\d{1,3}([.,]\d{3})+$/.test(text) ? text.replaceAll(only, '') : null
  // One sign that is not the locale's groups only where exactly three digits follow it; in any other place it must be meant as decimal.
  if (only !== sign && /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/.test(text)) return text.replace(only, '')
  return text.replace(only, '.')
}

/** Adds exact decimal texts, for totals that a person sees while typing. */
export function addDecimals(amounts: readonly string[]): string {
  const valid = amounts.filter(isDecimal)
  const scale = Math.max(0, ...valid.map(amount => amount.split('.')[1]?.length ?? 0))
  const sum = valid.reduce((total, amount) => total + scaled(amount, scale), 0n)
  const digits = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return sum < 0n ? `-${text}` : text
}

function scaled(amount: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = amount.split('.')
  return BigInt(`${whole}${fraction.padEnd(scale, '0')}`)
}

const formatters = new Map<string, Intl.NumberFormat>()

function formatter(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}|${JSON.stringify(options)}`
  let found = formatters.get(key)
  if (!found) {
    found = new Intl.NumberFormat(locale, options)
    formatters.set(key, found)
  }
  return found
}
