/** Random keys, also on pages that are served without TLS, where browsers hold `crypto.randomUUID` back. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
