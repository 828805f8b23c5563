/**
 * The last 40 bytes of a backup file: the SHA-256 of all bytes before them, in a frame that unpackers of zstd pass over. What is compressed can
 * differ in a bit and unpack to the same; a file in which any bit differs is not the one that was written.
 */
import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { damaged, noBackup } from './refusal.ts'

/** "Skippable frame" of 32 bytes (RFC 8878, 3.1.2). */
const FRAME = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 32, 0, 0, 0])
/** What every zstd frame begins with. */
const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const SEAL_BYTES = FRAME.length + 32

/** The seal of what was written. */
export function sealOf(digest: Buffer): Buffer {
  return Buffer.concat([FRAME, digest])
}

/** Passes a file on and adds its seal. */
export function sealing(): Transform {
  const hash = createHash('sha256')
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
    flush(done) {
      done(null, sealOf(hash.digest()))
    },
  })
}

/** Passes a file on without its seal; fails at its end where the seal is not that of what was passed on. */
export function unsealing(): Transform {
  const hash = createHash('sha256')
  let held = Buffer.alloc(0)
  let isShort = true
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const all = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const sure = Math.max(0, all.length - SEAL_BYTES)
      held = Buffer.from(all.subarray(sure))
      hash.update(all.subarray(0, sure))
      isShort &&= sure === 0
      done(null, all.subarray(0, sure))
    },
    flush(done) {
      // Shorter than a seal: either the beginning of a backup, or something else.
      if (isShort && !held.subarray(0, MAGIC.length).equals(MAGIC)) return done(noBackup())
      done(held.equals(sealOf(hash.digest())) ? null : damaged('its bytes are not those that were written, or not all of them'))
    },
  })
}
