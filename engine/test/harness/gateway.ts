/**
 * A small gateway: takes turns among the processes that say they are ready, asked every 100 ms, over connections it keeps open. It never
 * sends a request twice, so whatever a process does not answer reaches the client as a failure.
 */
import { Agent, createServer, request } from 'node:http'
import { type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll } from 'vitest'
import { isReady } from './processes.ts'

export interface Gateway {
  readonly url: string
  /** How many requests each process was given. */
  readonly given: ReadonlyMap<string, number>
  /** Waits until it has noticed that a process is ready, or no longer. */
  notices(url: string, ready: boolean): Promise<void>
}

const ASK_MS = 100

/** Opens a gateway before processes; closed when the test file is done, so a file opens it before its tests. */
export async function openGateway(processes: readonly string[]): Promise<Gateway> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const ready = new Set<string>()
  const given = new Map<string, number>()
  let turn = 0
  const ask = async (): Promise<void> => {
    await Promise.all(processes.map(async url => ((await isReady(url)) ? ready.add(url) : ready.delete(url))))
  }
  await ask()
  const timer = setInterval(() => void ask(), ASK_MS)

  const server = createServer((incoming, outgoing) => {
    const open = processes.filter(url => ready.has(url))
    const target = open[turn++ % Math.max(1, open.length)]
    const fail = (): void => {
      if (!outgoing.headersSent) outgoing.writeHead(502)
      outgoing.end()
    }
    if (target === undefined) return fail()
    given.set(target, (given.get(target) ?? 0) + 1)
    // Headers of one hop are not handed on.
    const { connection: _, 'keep-alive': __, ...headers } = incoming.headers
    const onward = request(target + (incoming.url ?? '/'), { method: incoming.method ?? 'GET', headers, agent }, answer => {
      const { connection: ___, 'keep-alive': ____, ...back } = answer.headers
      outgoing.writeHead(answer.statusCode ?? 502, back)
      answer.on('error', fail)
      answer.pipe(outgoing)
    })
    onward.on('error', fail)
    incoming.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(async () => {
    clearInterval(timer)
    agent.destroy()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    given,
    async notices(url, wanted) {
      while (ready.has(url) !== wanted) await new Promise(done => setTimeout(done, 20))
    },
  }
}
