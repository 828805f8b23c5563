/** Finds out whether an address can be listened on before anything long begins, and says in words why it can not. Knows no server of ours. */
import { createServer } from 'node:net'
import { StartRefused } from './main.ts'

/** Why an address is refused, by the code of the system. */
const REASONS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} of ${host} is taken by another program. Stop it, or start on another one: PORT=${port === 65_535 ? port - 1 : port + 1} npm start`,
  EACCES: (_host, port) => `Port ${port} is reserved for the administrator of this machine. Start on one from 1024.`,
  EADDRNOTAVAIL: noAddress,
  ENOTFOUND: noAddress,
  EAI_AGAIN: noAddress,
  EINVAL: noAddress,
}

function noAddress(host: string): string {
  return `HOST=${host} is no address of this machine. 127.0.0.1 listens for this machine alone, 0.0.0.0 on all its networks.`
}

/** Throws StartRefused where nobody could listen there at this moment. */
export async function requirePort(host: string, port: number): Promise<void> {
  const probe = createServer()
  try {
    await new Promise<void>((done, fail) => probe.once('error', fail).listen({ host, port }, done))
  } catch (error) {
    throw refusedAddress(error, host, port)
  }
  await new Promise<void>(done => probe.close(() => done()))
}

/** What went wrong with listening at an address, in words where we have some for it. */
export function refusedAddress(error: unknown, host: string, port: number): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? '']
  return reason === undefined ? error : new StartRefused(reason(host, port))
}
