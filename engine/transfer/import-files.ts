/**
 * Uploaded files, kept under random names that nobody else on the machine may read, until their import has ended. Knows no row.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { newSecret } from '../kernel/ids.ts'
import { transferErrors } from './errors.ts'
import type { Head } from './text-encoding.ts'

/** The largest file. */
export const IMPORT_BYTES = 200 * 1024 * 1024
/** What is divided into rows at one go: some milliseconds, in which nobody else is served. */
const PIECE_BYTES = 16 * 1024

// Titles above tables and sixty rows of long texts fit in.
const HEAD_BYTES = 256 * 1024

/** A file that has been kept. */
export interface KeptFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly head: Head
}

export interface ImportFiles {
  /** Writes a file to its end. Throws TRANSFER_FILE_TOO_LARGE; nothing stays of what could not be kept. */
  keep(jobId: string, content: AsyncIterable<Buffer>): Promise<KeptFile>
  open(name: string): Readable
  /** Ids of the jobs whose files are here. */
  jobs(): Promise<ReadonlySet<string>>
  remove(name: string): Promise<void>
  /** Removes files older than this that belong to none of these jobs. */
  sweep(olderThan: Date, needed: (jobId: string) => Promise<boolean>): Promise<void>
}

/** The files of one installation; the folder is made at first use. */
export function keepFilesIn(folder: string): ImportFiles {
  const list = async (): Promise<string[]> => {
    try {
      return await readdir(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  }
  return {
    async keep(jobId, content) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const name = `${jobId}.${newSecret(16)}`
      try {
        return await write(join(folder, name), name, content)
      } catch (error) {
        await rm(join(folder, name), { force: true })
        throw error
      }
    },
    open: name => createReadStream(join(folder, name), { highWaterMark: PIECE_BYTES }),
    jobs: async () => new Set((await list()).map(jobOf)),
    remove: name => rm(join(folder, name), { force: true }),
    async sweep(olderThan, needed) {
      for (const name of await list()) {
        const { mtime } = await stat(join(folder, name))
        if (mtime < olderThan && !(await needed(jobOf(name)))) await rm(join(folder, name), { force: true })
      }
    },
  }
}

function jobOf(name: string): string {
  return name.split('.')[0] ?? ''
}

async function write(path: string, name: string, content: AsyncIterable<Buffer>): Promise<KeptFile> {
  const file = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  const head: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of content) {
      if (bytes < HEAD_BYTES) head.push(chunk)
      bytes += chunk.length
      if (bytes > IMPORT_BYTES) throw transferErrors.FILE_TOO_LARGE({ megabytes: IMPORT_BYTES / 1024 / 1024 })
      hash.update(chunk)
      await file.write(chunk)
    }
  } finally {
    await file.close()
  }
  const first = Buffer.concat(head).subarray(0, HEAD_BYTES)
  return { name, bytes, sha256: hash.digest('hex'), head: { bytes: first, whole: bytes <= HEAD_BYTES } }
}
