/** Passwords do not stand on a command line, which every user of the machine can read: they come from standard input. */
import { text as textOf } from 'node:stream/consumers'
import { StartRefused } from './main.ts'

/** The password in standard input, without the end of its line. */
export async function readPassword(): Promise<string> {
  const password = (await textOf(process.stdin)).replace(/\r?\n$/, '')
  if (password === '') throw new StartRefused('--password-stdin reads the password from standard input, where there is none.')
  return password
}
