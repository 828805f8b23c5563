/** Answers for: rows that stay bytes say what the driver reads of them, in whatever pieces they come, and long ones are put together once. */
import { Parser } from 'pg-protocol/dist/parser.js'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { DataRow } from './data-row.ts'
import { RowParser } from './row-client.ts'

type Texts = readonly (string | null)[]

/** A DataRow message as the server sends it. */
function messageOf(texts: Texts): Buffer {
  const columns = texts.flatMap(text => {
    const value = text === null ? Buffer.alloc(0) : Buffer.from(text)
    const length = Buffer.alloc(4)
    length.writeInt32BE(text === null ? -1 : value.length)
    return [length, value]
  })
  const body = Buffer.concat([Buffer.from([texts.length >> 8, texts.length & 255]), ...columns])
  const head = Buffer.alloc(5)
  head.write('D')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const READY = Buffer.from([90, 0, 0, 0, 5, 73])

/** The pieces of a stream, cut at these shares of its length. */
function piecesOf(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map(cut => Math.floor(cut * stream.length)).sort((a, b) => a - b), stream.length]
  // Each piece is memory of its own, as it is from a socket.
  return places.slice(1).map((end, at) => Buffer.from(stream.subarray(places[at], end)))
}

test('rows are what the driver reads, in whatever pieces they come, and stay so', () => {
  const row = fc.array(fc.option(fc.string({ unit: 'grapheme', maxLength: 40 })), { maxLength: 8 })
  const cut = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), fc.array(cut, { maxLength: 12 }), (rows, cuts) => {
      const stream = Buffer.concat([...rows.map(messageOf), READY])
      const ours: unknown[] = []
      const theirs: unknown[] = []
      const parser = new RowParser()
      for (const piece of piecesOf(stream, cuts)) parser.parse(piece, message => ours.push(message))
      const driver = new Parser()
      driver.parse(stream, message => theirs.push('fields' in message ? (message as { fields: unknown }).fields : message.name))
      // Read only now: what came later has not been written over what came before.
      expect(ours.map(message => (message instanceof DataRow ? message.fields : (message as { name: string }).name))).toEqual(theirs)
    }),
  )
})

test('a column is found by its place', () => {
  const [row] = rowsOf(messageOf(['a', null, 'жук', '']), 7)
  expect([0, 1, 2, 3].map(place => row?.text(place))).toEqual(['a', null, 'жук', ''])
  expect([0, 1, 2, 3].map(place => row?.has(place))).toEqual([true, false, true, true])
  expect(() => row?.text(4)).toThrow('The row has no column 4.')
})

test('a long row is put together once, however many pieces it comes in', () => {
  const text = 'x'.repeat(5_000_000)
  const concat = vi.spyOn(Buffer, 'concat')
  const stream = messageOf([text])
  concat.mockClear()
  const [row] = rowsOf(stream, Math.ceil(stream.length / 65_536))
  expect(concat.mock.calls.length).toBeLessThanOrEqual(2)
  concat.mockRestore()
  expect(row?.text(0)).toBe(text)
})

function rowsOf(stream: Buffer, pieces: number): DataRow[] {
  const found: DataRow[] = []
  const parser = new RowParser()
  const cuts = Array.from({ length: pieces - 1 }, (_, at) => (at + 1) / pieces)
  for (const piece of piecesOf(stream, cuts)) parser.parse(piece, message => message instanceof DataRow && found.push(message))
  return found
}
