import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { StartRefused } from './main.ts'
import { requirePort } from './require-port.ts'

test('a port that is taken is named, with the next one to try, and one that is free stays free', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await expect(requirePort('127.0.0.1', port)).rejects.toThrow(
    new StartRefused(`Port ${port} of 127.0.0.1 is taken by another program. Stop it, or start on another one: PORT=${port + 1} npm start`),
  )
  other.close()
  await once(other, 'close')
  await requirePort('127.0.0.1', port)
  await requirePort('127.0.0.1', port)
})

test.each(['203.0.113.9', 'no such host'])('%s is no address to listen on', async host => {
  await expect(requirePort(host, 0)).rejects.toThrow(`HOST=${host} is no address of this machine.`)
})
