/** How long it takes until a field that an administrator has thought of can be used: his publish, and the first record that has it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Person } from './people.ts'
import type { Running } from './processes.ts'

/** Milliseconds of one field. */
export interface NewFieldTimes {
  /** The request that publishes. */
  readonly publish: number
  /** From that request being sent to the answer of 201 to a record with the field. */
  readonly usable: number
}

const ROUNDS = 7

/** Adds fields one after another in the tenant of an administrator. */
export async function timeNewFields(engine: Running, admin: Person): Promise<NewFieldTimes[]> {
  const ask = async (method: string, path: string, body: unknown): Promise<number> => {
    const answer = await fetch(engine.origin + path, {
      method,
      headers: { authorization: `Bearer ${admin.engineToken}`, 'content-type': 'application/json', 'x-forwarded-for': admin.address },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (answer.status >= 500 || (answer.status >= 400 && answer.status !== 422))
      throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return answer.status
  }
  const times: NewFieldTimes[] = []
  const fields: object[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    fields.push({ key: `bench_${round}`, type: 'text', label: { en: `Bench ${round}` }, max_length: 40 })
    await ask('PUT', '/api/studio/draft/entity/deal', { kind: 'entity', extends: 'sales/deal', fields })
    const begun = performance.now()
    await ask('POST', '/api/studio/draft/publish', { note: `Bench ${round}` })
    const publish = performance.now() - begun
    while ((await ask('POST', '/api/records/deal', { name: `New field ${round}`, [`bench_${round}`]: 'there' })) !== 201) await sleep(1)
    times.push({ publish, usable: performance.now() - begun })
  }
  return times
}
