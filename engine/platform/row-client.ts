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
  mergeBuffer(chunk: Buffer): void
}
const Base = Parser as unknown as new () => DriverParser

class RowParser extends Base {
  override handlePacket(at: number, code: number, length: number, bytes: Buffer): Message {
    return code === DATA_ROW ? new DataRow(bytes, at, length) : super.handlePacket(at, code, length, bytes)
  }

  /** Bytes that rows were made of stay as they are: what is left over moves to a buffer of its own. */
  override mergeBuffer(chunk: Buffer): void {
    const left = this.buffer.subarray(this.bufferOffset, this.bufferOffset + this.bufferLength)
    this.buffer = left.length === 0 ? chunk : Buffer.concat([left, chunk])
    this.bufferOffset = 0
    this.bufferLength = this.buffer.length
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
