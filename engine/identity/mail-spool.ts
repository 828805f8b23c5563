/**
 * Where letters go while no mailer is configured: one .eml file each (RFC 5322) in a folder that only the engine's user can read,
 * for the operator to open or hand on. Knows nothing of what a letter says.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '../kernel/ids.ts'
import type { Deliver, Mail } from './types.ts'

/** Delivers into a folder; `from` is the sender's address. A file appears whole or not at all. */
export function spoolTo(folder: string, from: string): Deliver {
  return async mail => {
    const now = new Date()
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const file = join(folder, `${now.toISOString().replaceAll(':', '-')}-${newId().slice(-12)}.eml`)
    await writeFile(`${file}.part`, writeMessage(mail, from, now), { mode: 0o600 })
    await rename(`${file}.part`, file)
  }
}

/** A letter as a message of the internet; header values can't end their line, whatever an address or subject holds. */
export function writeMessage(mail: Mail, from: string, now: Date): string {
  const headers = [
    `From: ${oneLine(from)}`,
    `To: ${oneLine(mail.to)}`,
    `Subject: ${encodeWords(mail.subject)}`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${newId(now.getTime())}@nexus>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ]
  return `${headers.join('\r\n')}\r\n\r\n${mail.text.replace(/\r?\n/g, '\r\n')}\r\n`
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, ' ')
}

/** RFC 2047: words of at most 45 bytes, so that none is longer than 75 characters once encoded. */
function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const words: string[] = []
  let word = ''
  for (const character of text) {
    if (Buffer.byteLength(word + character) > 45) {
      words.push(word)
      word = ''
    }
    word += character
  }
  return [...words, word].map(part => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ')
}
