/**
 * Tells the browser of somebody who has signed in from a stranger's, by a cookie that was made at that sign-in: attempts from it are counted
 * by themselves, so that no stranger's failures keep a person out, and it lets nobody in. What it says is bound to what was typed, whether
 * an account of that name exists or not, and is checked without asking anything: known and unknown names take the same time.
 */
import { createHmac, hkdfSync } from 'node:crypto'
import { newSecret } from '../kernel/ids.ts'
import { attributesOf, onlyCookie } from './refresh-cookie.ts'
import { isSameText } from './token.ts'
import type { IdentityConfig } from './types.ts'

export const DEVICE_COOKIE = 'nexus_device'

/** A browser that nobody signs in from for this long is a stranger again. */
const KNOWN_FOR_S = 90 * 24 * 60 * 60
/** People who share a browser. */
const MOST = 4
const MARK = /^([A-Za-z0-9_-]{43})\.([0-9a-z]{1,8})\.([A-Za-z0-9_-]{43})$/

/** What somebody typed to name an account. */
export type Named = readonly [tenant: string, email: string]

/** The device that a `cookie` header shows for an account; null for a stranger's. */
export function knownDevice(config: IdentityConfig, header: string | undefined, named: Named, now: Date): string | null {
  // None stops at the first: how many there are is the browser's own doing, and they are few.
  const devices = marksOf(header).map(mark => deviceOf(config, mark, named, now))
  return devices.find(device => device !== null) ?? null
}

/** The `set-cookie` by which a browser is known for an account from now on, beside the others that it is known for. */
export function writeDeviceCookie(config: IdentityConfig, header: string | undefined, named: Named, now: Date): string {
  const others = marksOf(header).filter(mark => deviceOf(config, mark, named, now) === null)
  const device = knownDevice(config, header, named, now) ?? newSecret()
  const until = (Math.floor(now.getTime() / 1000) + KNOWN_FOR_S).toString(36)
  const marks = [`${device}.${until}.${macOf(config, device, until, named)}`, ...others].slice(0, MOST)
  return `${DEVICE_COOKIE}=${marks.join('~')}; Max-Age=${KNOWN_FOR_S}${attributesOf(config)}`
}

function marksOf(header: string | undefined): string[] {
  return (onlyCookie(header, DEVICE_COOKIE) ?? '').split('~', MOST).filter(mark => MARK.test(mark))
}

function deviceOf(config: IdentityConfig, mark: string, named: Named, now: Date): string | null {
  const [, device = '', until = '', mac = ''] = MARK.exec(mark) ?? []
  const isOurs = isSameText(mac, macOf(config, device, until, named))
  return isOurs && Number.parseInt(until, 36) * 1000 > now.getTime() ? device : null
}

function macOf(config: IdentityConfig, device: string, until: string, named: Named): string {
  const key = hkdfSync('sha256', config.secret, '', 'nexus device 1', 32)
  return createHmac('sha256', Buffer.from(key))
    .update(JSON.stringify([device, until, ...named]))
    .digest('base64url')
}
