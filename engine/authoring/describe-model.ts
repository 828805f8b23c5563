/**
 * Answers what a model is for one caller, and the forms of its entities; kept per revision, set of profiles and language, and never shared
 * between profiles. The tag of an answer changes whenever any of these does, and with the program: another one may describe the same otherwise.
 */
import { createHash } from 'node:crypto'
import { decideAccess, type Grant } from '../access/index.ts'
import type { JsonSchema } from '../field-types/index.ts'
import type { ModelContext } from '../model/index.ts'
import { type ComponentSchemas, componentSchemas, COMPONENTS, type FormMode, shapeForm, shapeModel, speak } from '../shape/index.ts'
import { aggregateRef, queryParts, queryRef } from '../validate/index.ts'
import { callerNames } from './caller-names.ts'

/** The program that describes, as far as its descriptions may differ from those of the one before it. */
export interface Describer {
  readonly version: string
  readonly commit: string
}

/** A description ready to be sent, and its tag. */
export interface Described {
  readonly etag: string
  /** What is sent: JSON, or a source text. */
  text(): string
}

/** The same, where making it takes a while. */
export interface DescribedLater {
  readonly etag: string
  text(): Promise<string>
}

/** The caller's effective model. */
export function describeModel(ctx: ModelContext, by: Describer): Described {
  return described(ctx, by, 'model', () => JSON.stringify(shapeModel(namesOf(ctx), ctx.caller.tenant, ctx.revision)))
}

/** The form of an entity. Throws NOT_FOUND where the entity does not exist for the caller, ACCESS_OPERATION_FORBIDDEN where he may not do what it is for. */
export function describeForm(ctx: ModelContext, by: Describer, entityKey: string, mode: FormMode): Described {
  const grant = decideAccess(ctx, entityKey, mode === 'create' ? 'create' : mode === 'edit' ? 'update' : 'read')
  return described(ctx, by, `form ${entityKey} ${mode}`, () => JSON.stringify(shapeForm(namesOf(ctx), grant, mode)))
}

/** Schemas of all that the caller can send and be sent of his entities: what documents and types for programs are made of. */
export function describeComponents(ctx: ModelContext): ComponentSchemas {
  const names = namesOf(ctx)
  const grants = [...names.model.entities.keys()].flatMap(key => names.grant(key) ?? [])
  const [first] = grants
  if (first === undefined) return componentSchemas(names)
  const query = queryParts(ctx, first, { label: (labels, fallback) => speak(labels, names.locale, fallback), at: COMPONENTS })
  for (const grant of grants) {
    queryRef(query, grant)
    aggregateRef(query, grant)
  }
  const queries = query.parts.all()
  const exports = grants.flatMap(grant => {
    const whole = queries[`${grant.entity.key}.query`]
    return whole === undefined || !grant.operations.has('export')
      ? []
      : [[`${grant.entity.key}.export`, exportSchema(whole, grant)] as const]
  })
  return { ...componentSchemas(names), ...queries, ...Object.fromEntries(exports) }
}

/** The query of an export: a list's, without what makes pages of it. */
function exportSchema(query: JsonSchema, { caps }: Grant): JsonSchema {
  const { limit, after: _after, count: _count, ...properties } = query['properties'] as Readonly<Record<string, JsonSchema>>
  return { ...query, properties: { ...properties, limit: { ...limit, maximum: caps.exportRows } } }
}

/** Characters kept per process: documents of a dozen sets of profiles (1 MB the largest), some hundred models and forms. */
const KEPT_CHARACTERS = 32 * 1024 * 1024

const kept = new Map<string, string>()
let keptCharacters = 0
const beingMade = new Map<string, Promise<string>>()

/** A description of the caller's model, made once for whoever shares it; `what` names it among the others. */
export function described(ctx: ModelContext, by: Describer, what: string, make: () => string): Described {
  const digest = digestOf(ctx, by, what)
  return { etag: tagOf(digest), text: () => take(digest) ?? keep(digest, make()) }
}

/** The same for what takes a while: whoever asks meanwhile waits for the one text; what went wrong is tried again. */
export function describedLater(ctx: ModelContext, by: Describer, what: string, make: () => Promise<string>): DescribedLater {
  const digest = digestOf(ctx, by, what)
  return { etag: tagOf(digest), text: async () => take(digest) ?? beingMade.get(digest) ?? begin(digest, make) }
}

function begin(digest: string, make: () => Promise<string>): Promise<string> {
  const text = make()
    .then(made => keep(digest, made))
    .finally(() => beingMade.delete(digest))
  beingMade.set(digest, text)
  return text
}

function digestOf(ctx: ModelContext, { version, commit }: Describer, what: string): string {
  const { caller, revision, building, model } = ctx
  // Tenants without an overlay share a model, and fields become filterable within a revision.
  const identity = JSON.stringify([
    what,
    version,
    commit,
    caller.tenant,
    revision,
    model.fingerprint,
    caller.profiles,
    caller.locale,
    [...building].sort(),
  ])
  return createHash('sha256').update(identity).digest('base64url')
}

function tagOf(digest: string): string {
  return `"${digest.slice(0, 32)}"`
}

/** The text of a digest, which is thereby the last to go. */
function take(digest: string): string | undefined {
  const text = kept.get(digest)
  if (text === undefined) return undefined
  kept.delete(digest)
  kept.set(digest, text)
  return text
}

function keep(digest: string, text: string): string {
  kept.set(digest, text)
  keptCharacters += text.length
  for (const [oldest, { length }] of kept) {
    if (keptCharacters <= KEPT_CHARACTERS) break
    kept.delete(oldest)
    keptCharacters -= length
  }
  return text
}

function namesOf(ctx: ModelContext) {
  return callerNames(ctx, ctx.caller.profiles, ctx.caller.locale)
}
