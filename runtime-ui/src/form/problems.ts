/**
 * Where problems show: the server's pointers and the browser's own findings become messages by the field, and a list that
 * leads to them. Pure.
 */
import { partsOf } from '../../../metadata/problem.ts'
import type { ProblemError } from '../api/client.ts'
import type { FormSchema } from '../api/model.ts'

/** One thing to mend. `pointer` is empty where it is about no field. */
export interface Finding {
  readonly pointer: string
  readonly message: string
}

/** A finding in the list above the form. */
export interface SummaryLine {
  readonly id: string | null
  readonly label: string | null
  readonly message: string
}

/** Messages as the form library takes them. */
export interface MessageTree {
  readonly __errors?: string[]
  readonly [part: string]: MessageTree | string[] | undefined
}

/** The server's errors as findings; operations on lines lead to the rows they came from. */
export function findingsOf(errors: readonly ProblemError[], rows: ReadonlyMap<string, string>): Finding[] {
  return errors.map(error => ({ pointer: rowPointer(error.pointer, rows), message: [error.message, error.hint].filter(Boolean).join(' ') }))
}

function rowPointer(pointer: string, rows: ReadonlyMap<string, string>): string {
  for (const [operation, row] of rows) {
    if (pointer === operation || pointer.startsWith(`${operation}/`)) return `${row}${pointer.slice(operation.length)}`
  }
  return pointer
}

/** The findings as a tree of messages, those about no field of the form left out. */
export function messageTree(findings: readonly Finding[], schema: FormSchema): MessageTree {
  const tree: Record<string, unknown> = {}
  for (const finding of findings) {
    const parts = partsOf(finding.pointer)
    if (!isPlaced(finding, schema)) continue
    let node = tree
    for (const part of parts) {
      node[part] ??= {}
      node = node[part] as Record<string, unknown>
    }
    node['__errors'] = [...((node['__errors'] as string[] | undefined) ?? []), finding.message]
  }
  return tree as MessageTree
}

/** The list above the form; what has a field leads to it. */
export function summaryOf(findings: readonly Finding[], schema: FormSchema, idPrefix: string): SummaryLine[] {
  return findings.map(finding => {
    const [key, ...rest] = partsOf(finding.pointer)
    if (!isPlaced(finding, schema) || key === undefined) return { id: null, label: null, message: finding.message }
    const property = schema.properties?.[key]
    const isRow = rest[0] !== undefined && /^\d+$/.test(rest[0])
    const below = isRow ? property?.items?.properties : property?.properties
    const part = below?.[rest[isRow ? 1 : 0] ?? '']?.title
    const exact = isRow && rest.length >= 2 ? [idPrefix, key, ...rest].join('_') : `${idPrefix}_${key}`
    const label = [`${property?.title ?? key}${isRow ? ` ${Number(rest[0]) + 1}` : ''}`, part].filter(Boolean).join(', ')
    return { id: exact, label, message: finding.message }
  })
}

function isPlaced(finding: Finding, schema: FormSchema): boolean {
  const key = partsOf(finding.pointer)[0]
  return key !== undefined && schema.properties?.[key] !== undefined
}

/** The findings that still stand after a field was changed: what was said about it may be mended now. */
export function withoutField(findings: readonly Finding[], key: string): readonly Finding[] {
  const left = findings.filter(finding => partsOf(finding.pointer)[0] !== key)
  return left.length === findings.length ? findings : left
}

/** Messages of the parts below a field, by pointer from the field on, such as `/0/quantity`. */
export function partMessages(tree: MessageTree | undefined): Record<string, string> {
  const found: Record<string, string> = {}
  const walk = (node: MessageTree, pointer: string): void => {
    if (pointer !== '' && node.__errors?.[0] !== undefined) found[pointer] = node.__errors[0]
    for (const [part, below] of Object.entries(node)) {
      if (part !== '__errors' && below && !Array.isArray(below)) walk(below, `${pointer}/${part}`)
    }
  }
  if (tree) walk(tree, '')
  return found
}
