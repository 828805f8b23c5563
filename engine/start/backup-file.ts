/**
 * A backup as a file: compressed, readable by its owner alone, and under its name only when all of it is on the disk. What is broken off
 * leaves a `.partial` at most, which no restore takes.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { PassThrough, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import { type BackupRequest, type BackupSource, type BackupSummary, sealing, writeBackup } from '../backup/index.ts'
import { StartRefused } from './main.ts'
import { undoneOnSignal } from './undone-on-signal.ts'

/** What was written, and how it looks from outside. */
export interface BackupFile extends BackupSummary {
  readonly file_bytes: number
  /** Of the file: what `sha256sum` tells. */
  readonly file_sha256: string
  readonly seconds: number
}

const BUFFERED = 1024 * 1024
const COMPRESSION = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 }

/** Backs up into a file that must not be there yet. */
export async function backUpInto(path: string, request: BackupRequest): Promise<BackupFile> {
  if (await isThere(path)) throw new StartRefused(`${path} is there already: choose another name.`)
  const partial = `${path}.${process.pid}.partial`
  const remove = (): Promise<void> => rm(partial, { force: true })
  return undoneOnSignal(remove, async () => {
    try {
      const written = await backUpTo(createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }), request)
      await rename(partial, path)
      await syncFolder(dirname(resolve(path)))
      return written
    } catch (error) {
      await remove()
      throw error
    }
  })
}

/** Backs up into a stream; its end says nothing of whether all is well, only this answer does. */
export async function backUpTo(out: Writable, request: BackupRequest): Promise<BackupFile> {
  const started = performance.now()
  const plain = new PassThrough({ highWaterMark: BUFFERED })
  const hash = createHash('sha256')
  let fileBytes = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      fileBytes += chunk.length
      done(null, chunk)
    },
  })
  const writing = writeBackup(request, plain).catch((error: unknown) => {
    plain.destroy(error instanceof Error ? error : new Error(String(error)))
    throw error
  })
  const streaming = pipeline(plain, createZstdCompress({ params: COMPRESSION }), sealing(), counted, out, { end: out !== process.stdout })
  // Whichever fails first is the reason; the other one fails of it.
  const [summary] = await Promise.all([writing, streaming])
  return {
    ...summary,
    file_bytes: fileBytes,
    file_sha256: hash.digest('hex'),
    seconds: (performance.now() - started) / 1000,
  }
}

/** A backup in a file; tells how far it has been read. */
export async function backupIn(
  path: string,
  secret: string,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<BackupSource> {
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile()) throw new StartRefused(`There is no file ${path}.`)
  return {
    secret,
    open: () => {
      let done = 0
      const file = createReadStream(path, { highWaterMark: BUFFERED })
      file.on('data', chunk => progress((done += chunk.length), found.size))
      // Whoever reads it decides when it flows.
      file.pause()
      return file
    },
  }
}

/** A backup that comes from a pipe, kept as long as it is needed: it is read twice. */
export async function withSpooled<T>(input: NodeJS.ReadableStream, path: string, work: (path: string) => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  // In a container a process may have the number of one that was killed.
  const remove = (): Promise<void> => rm(path, { force: true })
  await remove()
  return undoneOnSignal(remove, async () => {
    try {
      await pipeline(input, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
      return await work(path)
    } finally {
      await remove()
    }
  })
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** A new name is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
