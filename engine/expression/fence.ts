/**
 * One fenced process and the watch over it. It is a process, not a thread: a single huge string takes a whole process down
 * past any thread's heap limit. Starts when first needed; an answer that is late, or a heap that is full, ends it.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FenceAnswer, FenceMessage, FenceRequest } from './fence-process.ts'
import { MAX_HEAP_MB } from './limits.ts'

/** Answers to the first inputs, in their order; and of what the process died at the next one, if it did. */
export interface FenceOutcome {
  readonly answers: readonly FenceAnswer[]
  readonly died: 'timeout' | 'exhausted' | 'broken' | null
  /** How long it took, without starting the process. */
  readonly ms: number
  /** What it took of the processor, which does not depend on what else the machine does; all of its time where it did not come to an end. */
  readonly processorMs: number
}

// Starting takes 100 ms on two idle cores, and much longer on busy ones: that time is not the expression's.
const START_MS = 5_000
// The inner clock of JSONata ends what it can end itself, with a better message; the outer one is for what it can not.
const GRACE_MS = 200

/** A place behind the fence that serves one request at a time. */
export class Fence {
  private process: ChildProcess | undefined
  private ready = false

  /** Starts the process if there is none, so that whoever comes next need not wait for that. */
  warm(): void {
    this.process ??= this.start()
  }

  /** Runs a request; never rejects. Each input has the time of the request for itself. */
  run(request: FenceRequest): Promise<FenceOutcome> {
    const child = (this.process ??= this.start())
    const running = this.ready
    return new Promise(resolve => {
      const answers: FenceAnswer[] = []
      let began = performance.now()
      let timer: NodeJS.Timeout | undefined
      let isOpen = true
      let exit: FenceOutcome['died'] = null
      const end = (died: FenceOutcome['died'], tookMs?: number): void => {
        if (!isOpen) return
        isOpen = false
        clearTimeout(timer)
        child.off('message', onMessage).off('exit', onExit).off('disconnect', onGone).off('error', onError)
        if (died !== null) this.stop()
        else child.channel?.unref()
        const ms = performance.now() - began
        resolve({ answers, died, ms, processorMs: tookMs ?? ms })
      }
      const watch = (ms: number): void => {
        const known = answers.length
        clearTimeout(timer)
        timer = setTimeout(() => {
          // An answer that already lies in the channel is not late: this process may itself have been held up.
          setImmediate(() => setImmediate(() => answers.length === known && end('timeout')))
        }, ms)
      }
      const onMessage = (message: FenceMessage): void => {
        if (typeof message === 'object' && 'tookMs' in message) return end(null, message.tookMs)
        if (message === 'ready') began = performance.now()
        else answers.push(message)
        watch(request.timeoutMs + GRACE_MS)
      }
      // What it had answered before it ended is still read from the channel.
      const onGone = (): void => {
        if (exit !== null && !child.connected) end(exit)
      }
      const onExit = (code: number | null, signal: string | null): void => {
        exit = isOutOfMemory(code, signal) ? 'exhausted' : 'broken'
        onGone()
      }
      const onError = (): void => end('broken')
      watch(request.timeoutMs + GRACE_MS + (running ? 0 : START_MS))
      child.on('message', onMessage).once('exit', onExit).once('disconnect', onGone).once('error', onError)
      child.channel?.ref()
      child.send(request, cause => {
        if (cause) onError()
      })
    })
  }

  /** Ends the process, whatever it does; the next request starts another. */
  stop(): void {
    this.process?.kill('SIGKILL')
    this.process = undefined
  }

  private start(): ChildProcess {
    const child = fork(join(import.meta.dirname, 'fence-process.ts'), {
      env: {},
      execArgv: flags(),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'json',
    })
    this.ready = false
    // Its first word is that it has started.
    child.once('message', () => {
      if (this.process === child) this.ready = true
    })
    child.unref()
    child.channel?.unref()
    child.once('exit', () => {
      if (this.process === child) this.process = undefined
    })
    return child
  }
}

// V8 aborts when the heap is full; the system kills when its own memory is.
function isOutOfMemory(code: number | null, signal: string | null): boolean {
  return signal === 'SIGABRT' || signal === 'SIGKILL' || signal === 'SIGTRAP' || signal === 'SIGILL' || code === 134
}

// No files but the program's own, no child processes, no threads, no code from strings, no changed built-ins that the next
// tenant's expression would meet.
function flags(): string[] {
  const locate = createRequire(import.meta.url)
  const root = join(import.meta.dirname, '..', '..')
  const readable = [
    join(root, 'package.json'),
    import.meta.dirname,
    join(root, 'metadata', 'formula-tree.ts'),
    dirname(locate.resolve('jsonata')),
    dirname(dirname(locate.resolve('re2js'))),
  ]
  return [
    `--max-old-space-size=${MAX_HEAP_MB}`,
    '--max-semi-space-size=4',
    '--disallow-code-generation-from-strings',
    '--frozen-intrinsics',
    '--permission',
    ...readable.map(path => `--allow-fs-read=${path}`),
  ]
}
