import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { spoolTo, writeMessage } from './mail-spool.ts'
import { writeLetter } from './mail-texts.ts'

const now = new Date('2025-03-01T10:00:00.000Z')

test('spools a letter as a message that only the engine can read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-mail-'))
  try {
    const letter = { to: 'olga@acme.test', name: 'Olga', tenant: 'Acme', link: 'https://crm.acme.test/password#token' }
    await spoolTo(join(folder, 'mail'), 'nexus@acme.test')(writeLetter('password_reset', 'en', letter))
    const [name = ''] = await readdir(join(folder, 'mail'))
    expect(name).toMatch(/\.eml$/)
    expect((await stat(join(folder, 'mail', name))).mode & 0o777).toBe(0o600)
    const text = await readFile(join(folder, 'mail', name), 'utf8')
    expect(text).toContain('To: olga@acme.test\r\nSubject: New password for Acme\r\n')
    expect(text).toContain('\r\n\r\nHello Olga,')
    expect(text).toContain(letter.link)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('encodes a subject that is not plain ASCII in words a mail program can join', () => {
  const subject = 'Ваш доступ к обществу с ограниченной ответственностью «Ромашка»'
  const header = /Subject: ([\s\S]*?)\r\nDate/.exec(writeMessage({ to: 'a@b.test', subject, text: '' }, 'n@b.test', now))?.[1] ?? ''
  const words = header.split('\r\n ')
  expect(words.every(word => word.length <= 75)).toBe(true)
  expect(words.map(word => Buffer.from(/^=\?UTF-8\?B\?(.*)\?=$/.exec(word)?.[1] ?? '', 'base64').toString()).join('')).toBe(subject)
})

test('no address or subject can add a header', () => {
  const text = writeMessage(
    { to: 'a@b.test\r\nBcc: all@b.test', subject: 'Hi\r\nX-Evil: 1', text: 'body' },
    'n@b.test\nSender: e@b.test',
    now,
  )
  const headers = text.split('\r\n\r\n')[0] ?? ''
  expect(headers.split('\r\n').filter(line => /^(Bcc|X-Evil|Sender):/i.test(line))).toEqual([])
})
