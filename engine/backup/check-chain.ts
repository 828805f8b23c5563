/**
 * Looks at the audit of a backup that is sealed anew, because its rows become those of another tenant or of another installation: whether
 * the seals it came with fit its rows. Says what it found; the seals themselves are not kept.
 */
import { type AuditBreak, type AuditRow, breakOfLink, breakOfRows, NO_HEAD, type SignedSeal } from '../audit/index.ts'
import { type LongSession, wireTime } from '../platform/index.ts'

/** What came of it; `head` is that of the last seal that fits. */
export interface ChainVerdict {
  readonly seals: number
  readonly head: string
  readonly first_break: AuditBreak | null
}

const AT_ONCE = 20

/** Compares staged seals with the rows that are in the table by now, as the tenant `targetId`; `key` is that of the seals' maker, if it is known. */
export async function checkChain(session: LongSession, stage: string, targetId: string, key: Buffer | null): Promise<ChainVerdict> {
  const chain = { seals: 0, head: NO_HEAD }
  for (;;) {
    const seals = await session.run<Record<string, unknown> & SignedSeal>(
      `select tenant_id, seal_no, from_at, to_at, to_json(ids)::jsonb as ids, to_json(hashes)::jsonb as hashes, head, previous, signature, sealed_at
         from ${stage} where seal_no > $1 order by seal_no limit ${AT_ONCE}`,
      [chain.seals],
    )
    for (const stored of seals) {
      const seal = asWire(stored)
      const rows = await session.run<Record<string, unknown> & AuditRow>(
        `select id, at, actor, action, entity, record_id, details, trace_id, ip from nexus.audit
          where tenant_id = $1 and at between $2 and $3 and id = any(array(select jsonb_array_elements_text($4::jsonb)::uuid))`,
        [targetId, seal.from_at, seal.to_at, JSON.stringify(seal.ids)],
      )
      const asItWas = rows.map((row): AuditRow => ({ ...row, tenant_id: seal.tenant_id, at: wireTime(row.at) }))
      const first_break = breakOfLink(chain, seal, key) ?? breakOfRows(seal, asItWas) ?? null
      if (first_break !== null) return { ...chain, first_break }
      chain.seals += 1
      chain.head = seal.head
    }
    if (seals.length < AT_ONCE) return { ...chain, first_break: null }
  }
}

function asWire(seal: SignedSeal): SignedSeal {
  return {
    ...seal,
    seal_no: Number(seal.seal_no),
    from_at: wireTime(seal.from_at),
    to_at: wireTime(seal.to_at),
    sealed_at: wireTime(seal.sealed_at),
  }
}
