/**
 * The headers that tell browsers what an answer may do: nothing for data, the strict minimum for our pages.
 * A table computed once: per request they cost an assignment. Knows no route.
 */

const POLICY: Readonly<Record<string, string>> = {
  'default-src': "'self'",
  'base-uri': "'none'",
  'connect-src': "'self'",
  'font-src': "'self' data:",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
  'img-src': "'self' data: blob:",
  'object-src': "'none'",
  'script-src': "'self'",
  'script-src-attr': "'none'",
  // Mantine sets styles on elements; styles can not run code.
  'style-src': "'self' 'unsafe-inline'",
  'worker-src': "'self'",
}

const ALL: Readonly<Record<string, string>> = {
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Headers of data and of pages, for an installation reached under this address. */
export function securityHeaders(publicUrl: string): {
  readonly data: Readonly<Record<string, string>>
  readonly page: Readonly<Record<string, string>>
} {
  const isSecure = publicUrl.startsWith('https://')
  const all = isSecure ? { ...ALL, 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : ALL
  const directives = Object.entries(POLICY).map(([name, value]) => `${name} ${value}`)
  return {
    data: { ...all, 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" },
    page: {
      ...all,
      'content-security-policy': [...directives, ...(isSecure ? ['upgrade-insecure-requests'] : [])].join('; '),
      'cross-origin-opener-policy': 'same-origin',
      'origin-agent-cluster': '?1',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      'x-frame-options': 'DENY',
    },
  }
}
