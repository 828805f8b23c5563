/**
 * Lets types be written aside: one thread per process, started when first needed and ended when idle, one text after the other. The requests
 * of everybody else go on meanwhile.
 */
import { Worker } from 'node:worker_threads'
import { authoringErrors } from './errors.ts'
import type { TypesMaterial } from './typed-entities.ts'
import type { TypesAnswer } from './types-thread.ts'

/** The thread holds 90 MB, and whoever asks for types asks once. */
const IDLE_MS = 10_000
/** The sales pack's 20 entities take an administrator 0.6 s, and 4 s on a machine that is busy ten times over. */
const PATIENCE_MS = 60_000

let thread: Worker | null = null
let idle: NodeJS.Timeout | undefined
let last: Promise<unknown> = Promise.resolve()

/** Writes types of this material once those that were asked for before are written. Throws AUTHORING_TYPES_UNAVAILABLE. */
export function writeAside(material: () => TypesMaterial): Promise<string> {
  const mine = last.then(() => ask(material()))
  last = mine.catch(() => undefined)
  return mine
}

async function ask(material: TypesMaterial): Promise<string> {
  clearTimeout(idle)
  const worker = (thread ??= start())
  try {
    return await answerOf(worker, material)
  } catch (error) {
    end()
    throw authoringErrors.TYPES_UNAVAILABLE({}, { cause: error })
  } finally {
    idle = setTimeout(end, IDLE_MS)
    idle.unref()
  }
}

function start(): Worker {
  const worker = new Worker(new URL('./types-thread.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 512 } })
  // A process that has nothing else to do may end.
  worker.unref()
  return worker
}

function end(): void {
  void thread?.terminate()
  thread = null
}

function answerOf(worker: Worker, material: TypesMaterial): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(new Error('The types were not written in time.')), PATIENCE_MS)
    const settle = (outcome: string | Error): void => {
      clearTimeout(timer)
      worker.off('message', onMessage).off('error', settle).off('exit', onExit)
      if (typeof outcome === 'string') resolve(outcome)
      else reject(outcome)
    }
    const onMessage = (answer: TypesAnswer): void => settle('text' in answer ? answer.text : new Error(answer.failure))
    const onExit = (): void => settle(new Error('The thread that writes types ended.'))
    worker.on('message', onMessage).on('error', settle).on('exit', onExit)
    worker.postMessage(material)
  })
}
