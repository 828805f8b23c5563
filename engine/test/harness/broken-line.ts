/** A line between a client and a server that can be cut after the server has done its work and before the client hears of it. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterAll } from 'vitest'

export interface BrokenLine {
  readonly url: string
  /** Requests that went over the line, as method and path. */
  readonly sent: string[]
  /** Cuts the line under the answers of the next requests that match. */
  cut(request: RegExp, times?: number): void
}

/** Lays a line to a server; it goes away with the test file. */
export async function layLine(to: string): Promise<BrokenLine> {
  const { hostname, port } = new URL(to)
  const sent: string[] = []
  let cutting: { readonly request: RegExp; times: number } | null = null
  const line = createServer(client => {
    const server = connect(Number(port), hostname)
    let isDoomed = false
    client.on('data', (chunk: Buffer) => {
      const [, request] = /^((?:GET|POST|PATCH|PUT|DELETE) \S+) HTTP/.exec(chunk.toString('latin1')) ?? []
      if (request !== undefined) {
        sent.push(request)
        isDoomed = cutting !== null && cutting.times > 0 && cutting.request.test(request)
        if (isDoomed && cutting !== null) cutting.times -= 1
      }
      server.write(chunk)
    })
    server.on('data', (chunk: Buffer) => {
      if (isDoomed) client.destroy()
      else client.write(chunk)
    })
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(line, 'listening')
  afterAll(() => void line.close())
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    sent,
    cut(request, times = 1) {
      cutting = { request, times }
    },
  }
}
