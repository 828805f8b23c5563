/**
 * What a process of Node really holds: its heap after a collection, asked over the inspector that it was started with. The pages it has from
 * the system tell little of that, for they come and go when V8 pleases. Knows no engine.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

const KIB = 1024

/** The flag that lets a process be asked, at a free port of this machine. */
export const INSPECTED = '--inspect=127.0.0.1:0'

/** KiB that a process holds on and beside V8's heap after a collection; `logFile` is where it told its inspector's address. */
export async function heldKiB(logFile: string): Promise<number> {
  const address = /ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+/.exec(readFileSync(logFile, 'utf8'))?.[0]
  if (address === undefined) throw new Error(`The process that wrote ${logFile} was not started to be inspected.`)
  const socket = new WebSocket(address)
  await once(socket, 'open')
  try {
    // What the first one lets go by finalisers goes with the second.
    await ask(socket, 1, 'HeapProfiler.collectGarbage')
    await ask(socket, 2, 'HeapProfiler.collectGarbage')
    const { usedSize, backingStorageSize } = await ask(socket, 3, 'Runtime.getHeapUsage')
    return (Number(usedSize) + Number(backingStorageSize ?? 0)) / KIB
  } finally {
    socket.close()
  }
}

async function ask(socket: WebSocket, id: number, method: string): Promise<Readonly<Record<string, unknown>>> {
  socket.send(JSON.stringify({ id, method }))
  for (;;) {
    const [event] = (await once(socket, 'message')) as [MessageEvent<string>]
    const answer = JSON.parse(event.data) as { id?: number; result?: Record<string, unknown>; error?: { message: string } }
    if (answer.id !== id) continue
    if (answer.result === undefined) throw new Error(answer.error?.message ?? `${method} was not answered.`)
    return answer.result
  }
}
