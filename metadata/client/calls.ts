/** What can be asked of a client, and what it answers. Types only; how it is done stands in client.ts. */
import type {
  BulkResult,
  CallOptions,
  CreateOptions,
  Credentials,
  HistoryEntry,
  Page,
  Reply,
  SearchHit,
  Sending,
  User,
} from './contract.ts'
import type {
  Aggregated,
  AggregateOf,
  AnyEntities,
  CreateOf,
  Entities,
  Groups,
  Judged,
  Measures,
  Operation,
  PatchOf,
  QueryOf,
  Row,
  Selection,
  Taking,
} from './shapes.ts'

/** A record as far as a change of it has to know: the version is what the change is made from. */
export interface Seen {
  readonly id: string
  readonly version: number
}

/** A client of one engine for one caller. */
export interface Client<M extends Entities<M> = AnyEntities> {
  /** Signs in with a password; refreshing goes on by itself. */
  signIn(credentials: Credentials, call?: CallOptions): Promise<User>
  /** Takes up the session of the cookie; false where there is none that counts. */
  resume(): Promise<boolean>
  /** Ends the session here, whatever the engine answers. */
  signOut(): Promise<void>

  /** One page of the records that answer a query. */
  page<K extends keyof M & string, const S extends Selection<M, K> | undefined = undefined>(
    entity: K,
    query?: QueryOf<M, K, S>,
    call?: CallOptions,
  ): Promise<Page<Row<M, K, S>>>
  /** All records that answer a query, asked for page by page as they are taken; `limit` is the size of a page. */
  list<K extends keyof M & string, const S extends Selection<M, K> | undefined = undefined>(
    entity: K,
    query?: QueryOf<M, K, S>,
    call?: CallOptions,
  ): AsyncGenerator<Row<M, K, S>, void, undefined>
  /** Groups of records and what is measured of them. */
  aggregate<K extends keyof M & string, const N extends Measures<M, K>, const G extends Groups<M, K> = []>(
    entity: K,
    aggregate: AggregateOf<M, K, G, N>,
    call?: CallOptions,
  ): Promise<readonly Aggregated<G, N>[]>
  /** One record. */
  read<K extends keyof M & string, const S extends readonly string[] | undefined = undefined>(
    entity: K,
    id: string,
    call?: CallOptions & { readonly select?: Judged<M, K, S> },
  ): Promise<Row<M, K, S>>
  /** The latest changes of a record. */
  history(entity: keyof M & string, id: string, call?: CallOptions): Promise<Page<HistoryEntry>>
  /** Records of all entities that a text is found in. */
  search(text: string, call?: CallOptions): Promise<readonly SearchHit[]>

  /** Null where the new record is not for its maker to see. */
  create<K extends Taking<M, 'create'>>(entity: K, values: CreateOf<M, K>, call?: CreateOptions): Promise<Row<M, K, undefined> | null>
  /** Changes what the patch names (RFC 7396), if the record is still as it was read; null where that took it out of the caller's sight. */
  update<K extends Taking<M, 'patch'>>(
    entity: K,
    seen: Seen,
    patch: PatchOf<M, K>,
    call?: CallOptions,
  ): Promise<Row<M, K, undefined> | null>
  /** Moves a record to the trash. */
  remove(entity: keyof M & string, seen: Seen, call?: CallOptions): Promise<void>
  /** Takes a record out of the trash. */
  restore<K extends keyof M & string>(entity: K, id: string, call?: CallOptions): Promise<Row<M, K, undefined> | null>
  /** Many writes as one, all or none unless `atomic` is false; results stand in the order of the operations. */
  bulk<K extends keyof M & string>(
    entity: K,
    operations: readonly Operation<M, K>[],
    call?: CreateOptions & { readonly atomic?: boolean },
  ): Promise<readonly BulkResult[]>

  /** Any route, with a token that counts. */
  request<T = unknown>(method: string, path: string, sending?: Sending): Promise<Reply<T>>
}
