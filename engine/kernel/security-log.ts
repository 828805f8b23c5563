/**
 * The second sink: security events as JSON lines in a file of its own that is only ever appended to (0600).
 * Knows names of events and who, where, when; never passwords, tokens, e-mail addresses as typed, or bodies. A flood is counted, not written out.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { TokenBuckets } from './token-bucket.ts'

/** What is told; the flood-prone ones can be caused by anybody and are cut to a pace, the others are always written. */
export const SECURITY_EVENTS = {
  sign_in_failed: 'flood-prone',
  token_refused: 'flood-prone',
  access_denied: 'flood-prone',
  operator_refused: 'flood-prone',
  rate_limited: 'flood-prone',
  account_locked: 'always',
  account_unlocked: 'always',
  password_changed: 'always',
  refresh_token_reused: 'always',
  session_revoked: 'always',
  api_key_revoked: 'always',
  tenant_suspended: 'always',
  value_revealed: 'always',
  audit_head: 'always',
} as const
export type SecurityEventName = keyof typeof SECURITY_EVENTS

/** Who, where, under which trace; `code` is the problem's code, `reference` an id or digest that the event is about. */
export interface SecurityEvent {
  readonly event: SecurityEventName
  readonly tenant_id?: string | null | undefined
  readonly user_id?: string | null | undefined
  readonly ip?: string | null | undefined
  readonly trace_id?: string | undefined
  readonly route?: string | undefined
  readonly code?: string | undefined
  readonly reference?: string | undefined
}

export interface SecurityLog {
  /** Writes one event before it returns; a full disk or a lost file never fails the caller. */
  append(event: SecurityEvent): void
  close(): void
}

const FIELDS: Record<Exclude<keyof SecurityEvent, 'event'>, RegExp> = {
  tenant_id: /^[0-9a-f-]{36}$/,
  user_id: /^[0-9a-f-]{36}$/,
  ip: /^[0-9a-fA-F.:]{2,45}$/,
  trace_id: /^[0-9a-f]{32}$/,
  route: /^[A-Za-z0-9 /:_.{}*-]{1,120}$/,
  code: /^[A-Z][A-Z0-9_]{0,63}$/,
  reference: /^[A-Za-z0-9_:.-]{1,128}$/,
}

// Per event and address 1/s after a burst of 20, over all 10/s: some 150 MB a day is the most a flood can write.
const PER_ADDRESS = { perSecond: 1, burst: 20 }
const OVERALL = { perSecond: 10, burst: 200 }

/** Opens (or makes) the file. `onTrouble` hears once per minute at most that lines could not be written. */
export function openSecurityLog(file: string, onTrouble: (cause: unknown) => void, now: () => Date = () => new Date()): SecurityLog {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const descriptor = openSync(file, 'a', 0o600)
  const perAddress = new TokenBuckets(PER_ADDRESS, 10_000)
  const overall = new TokenBuckets(OVERALL)
  const troubles = new TokenBuckets({ perSecond: 1 / 60, burst: 1 })
  const suppressed = new Map<SecurityEventName, number>()
  let torn = false

  function isCut(event: SecurityEvent): boolean {
    if (SECURITY_EVENTS[event.event] === 'always') return false
    if (perAddress.take(`${event.event} ${event.ip ?? ''}`) === 0 && overall.take('') === 0) return false
    suppressed.set(event.event, (suppressed.get(event.event) ?? 0) + 1)
    return true
  }

  return {
    append(event) {
      if (isCut(event)) return
      const line: Record<string, unknown> = { time: now().toISOString(), event: event.event }
      for (const [key, shape] of Object.entries(FIELDS) as [keyof typeof FIELDS, RegExp][]) {
        const value = event[key]
        if (typeof value === 'string' && shape.test(value)) line[key] = value
      }
      const cut = suppressed.get(event.event)
      if (cut !== undefined) line['suppressed'] = cut
      suppressed.delete(event.event)
      const text = `${torn ? '\n' : ''}${JSON.stringify(line)}\n`
      try {
        // A disk that fills up takes a part of a line and says nothing; the next line must not stand behind it.
        torn = writeSync(descriptor, text) < Buffer.byteLength(text)
        if (torn && troubles.take('') === 0) onTrouble(new Error('A line was cut.'))
      } catch (cause) {
        if (troubles.take('') === 0) onTrouble(cause)
      }
    },
    close: () => closeSync(descriptor),
  }
}
