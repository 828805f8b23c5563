/** A collector of traces: takes OTLP over HTTP, as JSON, and keeps what it was sent. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

/** A span as it was sent. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string; readonly intValue?: number } }[]
  readonly status: { readonly code?: number; readonly message?: string }
}

/** Who listens at `url`, and what he has heard. */
export interface Collector {
  readonly url: string
  readonly bodies: string[]
  spans(): ReceivedSpan[]
  services(): string[]
}

/** Opens a collector for the tests of a file. */
export async function openCollector(): Promise<Collector> {
  const bodies: string[] = []
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    if (incoming.method === 'POST' && incoming.url === '/v1/traces' && incoming.headers['content-type'] === 'application/json')
      bodies.push(Buffer.concat(chunks).toString('utf8'))
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const resources = () =>
    bodies.flatMap(
      body =>
        (
          JSON.parse(body) as {
            resourceSpans: { resource: { attributes: ReceivedSpan['attributes'] }; scopeSpans: { spans: ReceivedSpan[] }[] }[]
          }
        ).resourceSpans,
    )
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    spans: () => resources().flatMap(each => each.scopeSpans.flatMap(scope => scope.spans)),
    services: () =>
      resources().flatMap(each =>
        each.resource.attributes.filter(({ key }) => key === 'service.name').map(({ value }) => value.stringValue ?? ''),
      ),
  }
}

/** An attribute of a span. */
export const told = (span: ReceivedSpan | undefined, key: string): string | number | undefined => {
  const value = span?.attributes.find(each => each.key === key)?.value
  return value?.stringValue ?? value?.intValue
}
