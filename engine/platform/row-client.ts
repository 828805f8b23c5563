/**
 * The driver's client with rows that stay bytes until somebody asks for their values: taking each value out of a page on its own was a
 * quarter of what the page cost the process. Rides on the driver's parser; all other messages are its own business.
 */
import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import pg from 'pg'
import { Parser } from 'pg-protocol/dist/parser.js'
import { DataRow } from './data-row.ts'

const DATA_ROW = 68

interface Message {
  readonly name: string
}

/** What we use of the driver's parser. */
interface DriverParser {
  buffer: Buffer
  bufferOffset: number
  bufferLength: number
  parse(chunk: Buffer, callback: (message: Message) => void): void
  handlePacket(at: number, code: number, length: number, bytes: Buffer): Message
}
const Base = Parser as unknown as new () => DriverParser

const HEADER_BYTES = 5
const NOTHING = Buffer.alloc(0)

/** The driver's parser over messages that are whole: rows keep the bytes they came in, so none may be moved or written to again. */
export class RowParser extends Base {
  /** The beginning of a message that is not there yet, as it came. */
  #begun: Buffer[] = []
  #length = 0
  /** How long it has to be before it is looked at again. */
  #wanted = 0

  override parse(chunk: Buffer, callback: (message: Message) => void): void {
    this.#begun.push(chunk)
    this.#length += chunk.length
    if (this.#length < this.#wanted) return
    // Put together once, however many pieces a long message comes in.
    const whole = this.#begun.length === 1 ? chunk : Buffer.concat(this.#begun, this.#length)
    super.parse(whole, callback)
    const rest = this.buffer.subarray(this.bufferOffset, this.bufferOffset + this.bufferLength)
    this.buffer = NOTHING
    this.bufferOffset = 0
    this.bufferLength = 0
    this.#begun = rest.length === 0 ? [] : [rest]
    this.#length = rest.length
    this.#wanted = rest.length < HEADER_BYTES ? 0 : 1 + rest.readUInt32BE(1)
  }

  override handlePacket(at: number, code: number, length: number, bytes: Buffer): Message {
    return code === DATA_ROW ? new DataRow(bytes, at, length) : super.handlePacket(at, code, length, bytes)
  }
}

/** What we use of the driver's connection. */
interface DriverConnection extends EventEmitter {
  attachListeners(stream: Socket): void
}

/** A client whose rows are `DataRow`s. */
export class RowClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    const { connection } = this as unknown as { readonly connection: DriverConnection }
    connection.attachListeners = stream => {
      const parser = new RowParser()
      const tell = (message: Message): void => void connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message)
      stream.on('data', (chunk: Buffer) => parser.parse(chunk, tell))
    }
  }
}
