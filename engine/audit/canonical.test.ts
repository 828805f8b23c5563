import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { type AuditRow, canonicalJson, hashRow } from './canonical.ts'

const row: AuditRow = {
  tenant_id: '00000000-0000-7000-8000-00000000000a',
  id: '00000000-0000-7000-8000-00000000000b',
  at: '2026-05-01T10:20:30.123Z',
  actor: null,
  action: 'record.updated',
  entity: 'deal',
  record_id: '00000000-0000-7000-8000-00000000000c',
  details: { version: 2, fields: ['next_step', 'a "quoted" \u2028 name'], past: true },
  trace_id: 'a'.repeat(32),
  ip: '127.0.0.1',
}

test('the digest of a row is that of its canonical JSON', () => {
  for (const each of [row, { ...row, actor: row.id, entity: null, record_id: null, ip: null, details: {} }]) {
    const expected = createHash('sha256').update(canonicalJson(each)).digest('hex')
    expect(hashRow(each)).toBe(expected)
  }
})
