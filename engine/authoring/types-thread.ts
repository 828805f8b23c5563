/** The thread that writes types: takes material, answers a text or what went wrong. Started by types-writer.ts, one request at a time. */
import { parentPort } from 'node:worker_threads'
import type { TypesMaterial } from './typed-entities.ts'
import { writeTypes } from './write-types.ts'

/** What the thread answers. */
export type TypesAnswer = { readonly text: string } | { readonly failure: string }

parentPort?.on('message', (material: TypesMaterial) => {
  void writeTypes(material)
    .then(
      (text): TypesAnswer => ({ text }),
      (error: unknown): TypesAnswer => ({ failure: String(error) }),
    )
    .then(answer => parentPort?.postMessage(answer))
})
