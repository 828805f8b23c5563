/** Writes a file that is only there when it is whole: under a name of its own until then. Knows nothing of what is in it. */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { undoneOnSignal } from './undone-on-signal.ts'

/** Writes the pieces of a file; where one fails to come there is no file, or the old one. */
export async function writeWhole(path: string, pieces: AsyncIterable<string | Buffer> | readonly string[]): Promise<void> {
  const unfinished = `${path}.${process.pid}.partial`
  const remove = (): Promise<void> => rm(unfinished, { force: true })
  await undoneOnSignal(remove, async () => {
    try {
      await pipeline(Readable.from(pieces), createWriteStream(unfinished, { flags: 'wx' }))
      await rename(unfinished, path)
    } catch (error) {
      await remove()
      throw error
    }
  })
}
