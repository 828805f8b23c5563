/**
 * Lists of addresses and networks from which a key or a role may be used: parses IPv4, IPv6 and CIDR to one canonical spelling and compares
 * by bits. An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) is that IPv4 address. Pure.
 */
import { isIPv4, isIPv6 } from 'node:net'

interface Network {
  readonly family: 4 | 6
  readonly bits: bigint
  readonly prefix: number
}

/** Decides whether an address is on a list. */
export type AddressTest = (ip: string) => boolean

const WIDTH = { 4: 32, 6: 128 } as const
const V4_IN_V6 = 0xffffn

/** The canonical spelling of an address or network (host bits cleared, IPv6 shortest), or null when it is none. */
export function canonicalNetwork(text: string): string | null {
  const network = parseNetwork(text)
  if (network === null) return null
  const address = network.family === 4 ? writeV4(network.bits) : writeV6(network.bits)
  return network.prefix === WIDTH[network.family] ? address : `${address}/${network.prefix}`
}

/** Compiles a list; an empty list admits every address, a spelling that can't be read admits none. */
export function admits(list: readonly string[]): AddressTest {
  if (list.length === 0) return () => true
  const networks = list.map(parseNetwork).filter(network => network !== null)
  return ip => {
    const address = parseAddress(ip)
    return address !== null && networks.some(network => covers(network, address))
  }
}

/** Whether a list admits no address that another would not. An empty list admits every address. */
export function isListWithin(list: readonly string[], other: readonly string[]): boolean {
  if (other.length === 0) return true
  const networks = other.map(parseNetwork).filter(network => network !== null)
  const holds = (text: string): boolean => {
    const inner = parseNetwork(text)
    return inner === null || networks.some(network => network.prefix <= inner.prefix && covers(network, inner))
  }
  return list.length > 0 && list.every(holds)
}

/** The address as throttling counts it: an IPv4 address, or the /64 network that one IPv6 subscriber holds. */
export function sourceOf(ip: string): string {
  const address = parseAddress(ip)
  if (address === null) return 'unknown'
  return address.family === 4 ? writeV4(address.bits) : `${writeV6((address.bits >> 64n) << 64n)}/64`
}

function covers(network: Network, address: Network): boolean {
  const shift = BigInt(WIDTH[network.family] - network.prefix)
  return network.family === address.family && network.bits >> shift === address.bits >> shift
}

function parseNetwork(text: string): Network | null {
  const [address = '', length, ...rest] = text.split('/')
  const parsed = parseAddress(address)
  if (parsed === null || rest.length > 0) return null
  if (length === undefined) return parsed
  if (!/^(0|[1-9][0-9]{0,2})$/.test(length)) return null
  // A prefix given for a mapped IPv4 address counts from the start of its IPv6 spelling.
  const prefix = Number(length) - (parsed.family === 4 && address.includes(':') ? 96 : 0)
  const width = WIDTH[parsed.family]
  if (prefix < 0 || prefix > width) return null
  const shift = BigInt(width - prefix)
  return { family: parsed.family, bits: (parsed.bits >> shift) << shift, prefix }
}

function parseAddress(text: string): Network | null {
  if (isIPv4(text)) return { family: 4, bits: bitsOfV4(text), prefix: 32 }
  if (!isIPv6(text) || text.includes('%')) return null
  const bits = bitsOfV6(text)
  return bits >> 32n === V4_IN_V6 ? { family: 4, bits: bits & 0xffffffffn, prefix: 32 } : { family: 6, bits, prefix: 128 }
}

function bitsOfV4(text: string): bigint {
  return text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n)
}

function bitsOfV6(text: string): bigint {
  const tail = /[^:]*\..*$/.exec(text)?.[0]
  const plain = tail === undefined ? text : text.slice(0, -tail.length) + groupsOf(bitsOfV4(tail), 2).join(':')
  const [head = '', rest] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = rest === undefined || rest === '' ? [] : rest.split(':')
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n)
}

function groupsOf(bits: bigint, count: number): string[] {
  return Array.from({ length: count }, (_, n) => ((bits >> BigInt(16 * (count - 1 - n))) & 0xffffn).toString(16))
}

function writeV4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map(shift => (bits >> shift) & 0xffn).join('.')
}

/** RFC 5952: the longest run of two or more zero groups is `::`, the first of equals. */
function writeV6(bits: bigint): string {
  const groups = groupsOf(bits, 8)
  let best = { at: -1, length: 1 }
  for (let at = 0; at < 8; at++) {
    let length = 0
    while (groups[at + length] === '0') length++
    if (length > best.length) best = { at, length }
  }
  if (best.at < 0) return groups.join(':')
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`
}
