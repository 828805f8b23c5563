/**
 * The models a process holds for its tenants, and when they go: after half an hour in which nobody asked for them, and the ones not asked for
 * longest where there are too many. Whoever comes back has his model read and put together anew. Knows no database and no clock of its own.
 */
import type { CompiledModel } from './types.ts'

/** What a tenant's requests run on at this moment. */
export interface LiveModel {
  /** Fields of `building` are marked in it. */
  readonly model: CompiledModel
  readonly revision: number
  /** `<entity>.<field>` of fields whose storage is still being filled. */
  readonly building: ReadonlySet<string>
}

/** What is kept of a tenant: the live model, the same one unmarked, and the states it was marked by. */
export interface Kept {
  readonly live: LiveModel
  readonly model: CompiledModel
  readonly states: string
  /** When the look at the database began, by the process's own clock. */
  readonly lookedAt: number
  readonly notBefore: number
}

interface Held {
  kept: Kept
  askedAt: number
}

/** A model of a tenant's own takes 1.2 MiB and 30 ms to make; one without overlay is shared. */
export const MOST_MODELS = 500
/** A tenant whose model is shared takes some KiB. */
const MOST_TENANTS = 20_000
/** Where there are too many, so many go at once that the next do not have to. */
const LEFT = 0.9
export const IDLE_MS = 30 * 60_000
const SWEPT_EVERY_MS = 60_000

export class KeptModels {
  private readonly held = new Map<string, Held>()
  /** How many tenants each model is held for. */
  private readonly users = new Map<CompiledModel, number>()
  private readonly onSwept: (now: number) => void
  private sweptAt = 0

  /** `onSwept` is called whenever it has been looked for what nobody asks for. */
  constructor(onSwept: (now: number) => void) {
    this.onSwept = onSwept
  }

  get size(): number {
    return this.held.size
  }

  /** What is held of a tenant that is asked for. */
  ask(tenantId: string, now: number): Kept | undefined {
    if (now - this.sweptAt > SWEPT_EVERY_MS) this.sweep(now)
    const found = this.held.get(tenantId)
    if (found !== undefined) found.askedAt = now
    return found?.kept
  }

  /** The same, for whoever does not ask in a tenant's name. */
  peek(tenantId: string): Kept | undefined {
    return this.held.get(tenantId)?.kept
  }

  set(tenantId: string, kept: Kept, now: number): void {
    const known = this.held.get(tenantId)
    if (known?.kept.model !== kept.model) {
      if (known !== undefined) this.release(known.kept.model)
      this.users.set(kept.model, (this.users.get(kept.model) ?? 0) + 1)
    }
    if (known === undefined) this.held.set(tenantId, { kept, askedAt: now })
    else known.kept = kept
    if (this.users.size > MOST_MODELS) this.shed(this.ownModels(), MOST_MODELS * LEFT)
    if (this.held.size > MOST_TENANTS) this.shed([...this.held], MOST_TENANTS * LEFT)
  }

  /** Whether a model is held for anybody. */
  isUsed(model: CompiledModel | null): boolean {
    return model !== null && this.users.has(model)
  }

  private sweep(now: number): void {
    this.sweptAt = now
    for (const [tenantId, { askedAt }] of this.held) if (now - askedAt > IDLE_MS) this.drop(tenantId)
    this.onSwept(now)
  }

  private ownModels(): (readonly [string, Held])[] {
    return [...this.held].filter(([, { kept }]) => this.users.get(kept.model) === 1)
  }

  /** Lets the ones go that were asked for longest ago. */
  private shed(from: (readonly [string, Held])[], left: number): void {
    const byAge = from.sort(([, a], [, b]) => a.askedAt - b.askedAt)
    for (const [tenantId] of byAge.slice(0, Math.max(0, byAge.length - left))) this.drop(tenantId)
  }

  private drop(tenantId: string): void {
    const found = this.held.get(tenantId)
    if (found === undefined) return
    this.held.delete(tenantId)
    this.release(found.kept.model)
  }

  private release(model: CompiledModel): void {
    const left = (this.users.get(model) ?? 0) - 1
    if (left > 0) this.users.set(model, left)
    else this.users.delete(model)
  }
}
