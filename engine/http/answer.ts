/** Sends what a handler gave: one shape for all, headers that every answer has. */
import type { FastifyReply } from 'fastify'
import { type Exchange, timesOf } from './exchange.ts'
import type { Answer } from './route.ts'

export const JSON_TYPE = 'application/json; charset=utf-8'

/** Answers a request; a page comes with the headers that let it run its own scripts and nothing else. */
export function sendAnswer(
  reply: FastifyReply,
  answer: Answer,
  exchange: Exchange,
  pageHeaders: Readonly<Record<string, string>>,
): FastifyReply {
  if (answer.text?.type.startsWith('text/html') === true) reply.headers(pageHeaders)
  reply.header('cache-control', 'no-store')
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, typeof value === 'string' ? value : [...value])
  addExchangeHeaders(reply, exchange)
  if (answer.empty === true) return reply.code(answer.status ?? 204).send()
  reply.code(answer.status ?? 200)
  if (answer.stream !== undefined) return reply.send(answer.stream)
  if (answer.text !== undefined) return reply.type(answer.text.type).send(answer.text.body)
  return reply.type(JSON_TYPE).send(bodyOf(answer))
}

function bodyOf({ data, dataText, page, warnings }: Answer): string {
  const members = [`"data":${dataText ?? JSON.stringify(data ?? null)}`]
  if (page !== undefined) members.push(`"page":${JSON.stringify(page)}`)
  if (warnings !== undefined) members.push(`"warnings":${JSON.stringify(warnings)}`)
  return `{${members.join(',')}}`
}

/** The revision an answer was made with, and the times of its stations for those who may see them. */
export function addExchangeHeaders(reply: FastifyReply, exchange: Exchange): void {
  if (exchange.revision !== null) reply.header('model-revision', String(exchange.revision))
  if (!exchange.maySeeTimes) return
  const { total, stations } = timesOf(exchange)
  const entries = Object.entries({ ...stations, total }).map(([name, ms]) => `${name};dur=${ms.toFixed(2)}`)
  reply.header('server-timing', entries.join(', '))
}
