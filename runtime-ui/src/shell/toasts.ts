/**
 * Short messages that pass, some with a way back. A store only: toast-region.tsx draws it.
 */

/** One message. */
export interface Toast {
  readonly id: number
  readonly text: string
  readonly kind: 'done' | 'failed'
  readonly action: { readonly label: string; readonly run: () => void } | null
}

let toasts: readonly Toast[] = []
let count = 0
const listeners = new Set<() => void>()

/** Shows a message. */
export function toast(text: string, options: { readonly kind?: Toast['kind']; readonly action?: Toast['action'] } = {}): void {
  count += 1
  toasts = [...toasts.slice(-2), { id: count, text, kind: options.kind ?? 'done', action: options.action ?? null }]
  for (const listener of listeners) listener()
}

/** Takes a message away. */
export function dismissToast(id: number): void {
  toasts = toasts.filter(other => other.id !== id)
  for (const listener of listeners) listener()
}

/** The messages there are, oldest first. */
export function currentToasts(): readonly Toast[] {
  return toasts
}

/** Called whenever messages come or go. */
export function subscribeToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
