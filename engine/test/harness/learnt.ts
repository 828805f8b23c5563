/**
 * What somebody has learnt of an API from its answers: which things there are to name in an address, at which version he saw them, which of them
 * lie in the trash. Knows no server and no entity; names in addresses mean what they are called.
 */
import type { DescribedOperation, GivenAnswer } from './described-api.ts'

/** Something that addresses can name: what stands for each name. */
type Thing = Readonly<Record<string, string | number>>

/** Names of an address that another name tells: a revision is compared with another one, a schema is that of a kind. */
const ALIASES: Readonly<Record<string, string>> = { other: 'revision', name: 'kind' }

/** A memory of answers. */
export class Learnt {
  private readonly things = new Map<string, Thing[]>()
  private readonly trashed = new Set<string>()
  private readonly versions = new Map<string, number>()

  /** The version at which a record was seen last. */
  versionOf(id: unknown): number {
    return this.versions.get(String(id)) ?? 1
  }

  /** Remembers what an answer tells. */
  note(
    { path, method }: DescribedOperation,
    parts: Readonly<Record<string, unknown>>,
    { status, json }: GivenAnswer,
    inTrash = false,
  ): void {
    const { data, type } = (json ?? {}) as { data?: unknown; type?: string }
    if (status >= 400) return this.keep(['code'], { code: String(type).split('/').at(-1) ?? '' })
    if (method === 'DELETE') this.trashed.add(String(parts['id']))
    const items = (Array.isArray(data) ? data : [data]).filter((item): item is Thing => typeof item === 'object' && item !== null)
    for (const item of items) {
      if (typeof item['id'] === 'string' && typeof item['version'] === 'number') this.versions.set(item['id'], item['version'])
      if (item['id'] !== undefined) this.keep([collectionOf(path), 'id'], { id: item['id'] })
      if (item['kind'] !== undefined && item['key'] !== undefined) this.keep(['key', 'kind'], { kind: item['kind'], key: item['key'] })
      if (item['kind'] !== undefined) this.keep(['kind'], { kind: item['kind'] })
      if (item['revision'] !== undefined) this.keep(['revision'], { revision: item['revision'] })
      if (inTrash) this.trashed.add(String(item['id']))
      else if (method !== 'DELETE') this.trashed.delete(String(item['id']))
    }
  }

  /** Remembers a thing that no answer tells of. */
  tell(thing: Thing): void {
    this.keep(Object.keys(thing).sort(), thing)
  }

  /** Things that an operation may be about: what lies in the trash where it is taken from there, else what does not. */
  about({ path, id }: DescribedOperation): readonly Thing[] {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
    if (names.length === 0) return []
    if (names.length === 1 && names[0] === 'id') {
      const isRestore = id.startsWith('restore_')
      return this.known([collectionOf(path), 'id']).filter(thing => this.trashed.has(String(thing['id'])) === isRestore)
    }
    const meant = [...new Set(names.map(name => ALIASES[name] ?? name))].sort()
    return this.known(meant).map(thing => Object.fromEntries(names.map(name => [name, thing[ALIASES[name] ?? name] ?? thing[name] ?? ''])))
  }

  /** Ids of what has been seen in a collection. */
  idsIn(collection: string): string[] {
    return this.known([collection, 'id']).map(thing => String(thing['id']))
  }

  isTrashed(id: string): boolean {
    return this.trashed.has(id)
  }

  private known(names: readonly string[]): readonly Thing[] {
    return this.things.get(names.join(' ')) ?? []
  }

  private keep(names: readonly string[], thing: Thing): void {
    const known = this.things.get(names.join(' ')) ?? []
    this.things.set(names.join(' '), known)
    if (!known.some(each => Object.keys(thing).every(name => each[name] === thing[name]))) known.push(thing)
  }
}

/** Where the things of an address are listed: what stands before its first name. */
function collectionOf(path: string): string {
  return path.split('/{')[0]?.replace(/\/(?:query|bulk)$/, '') ?? path
}
