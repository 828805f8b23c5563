/** Seals and opens paging cursors: AES-256-GCM over the last row's keys, bound to what `parseQuery` names. Knows no query. */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes } from 'node:crypto'

/** What a cursor keeps: the sort keys and id of the last row, and the instant `$now` stood at on the first page. */
export interface CursorPayload {
  readonly keys: readonly (string | null)[]
  readonly id: string
  readonly now: string
}

export interface CursorBox {
  seal(payload: CursorPayload, binding: string): string
  open(text: string, binding: string): CursorPayload | null
}

/** A box whose key comes from the installation's secret. */
export function createCursorBox(secret: string): CursorBox {
  // A key as bytes is made a key anew at each use: that was two thirds of what sealing took.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'nexus cursor', 32)))
  return {
    seal(payload, binding) {
      const nonce = nextNonce()
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(binding))
      const sealed = Buffer.concat([cipher.update(JSON.stringify(payload), 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    open(text, binding) {
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.length < 29 || bytes.toString('base64url') !== text) return null
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
          .setAAD(Buffer.from(binding))
          .setAuthTag(bytes.subarray(12, 28))
        return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')) as CursorPayload
      } catch {
        return null // tampered, foreign or of another query: all the same to the caller
      }
    },
  }
}

// Drawn in blocks: a call of the kernel's generator for each page cost more than the bytes.
const NONCE_BYTES = 12
const BLOCK_BYTES = NONCE_BYTES * 256
let block = Buffer.alloc(0)
let used = 0

/** Random bytes that nothing was sealed with before. */
function nextNonce(): Buffer {
  if (used === block.length) {
    block = randomBytes(BLOCK_BYTES)
    used = 0
  }
  used += NONCE_BYTES
  return block.subarray(used - NONCE_BYTES, used)
}
