/** Schemas of what the routes answer that are the same in every tenant: people, sessions, keys, imports, the audit, documents of the model. */
import { CAPABILITIES, LOCALES } from '../../kernel/context.ts'
import type { JsonSchema } from '../../kernel/schema.ts'
import { MODEL_SCHEMAS } from './model-schemas.ts'
import { component, COUNT, ID, INSTANT, objectOf, TEXT, TEXT_OR_NULL, TEXTS } from './operation-words.ts'

const ID_OR_NULL: JsonSchema = { type: ['string', 'null'], format: 'uuid' }
const INSTANT_OR_NULL: JsonSchema = { type: ['string', 'null'], format: 'date-time' }
const LOCALE: JsonSchema = { type: 'string', enum: [...LOCALES] }
const ANY: JsonSchema = {}
const JOB_STATUS: JsonSchema = { type: 'string', enum: ['queued', 'running', 'done', 'failed'] }
const CAPABILITY_LIST: JsonSchema = { type: 'array', items: { type: 'string', enum: [...CAPABILITIES] } }
const FLAG: JsonSchema = { type: 'boolean' }
const ADDRESSES: JsonSchema = { ...TEXTS, description: 'Addresses it is good from; from anywhere where there is none.' }
const PROBLEMS: JsonSchema = { type: 'array', items: component('FieldProblem') }
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const mapOf = (values: JsonSchema): JsonSchema => ({ type: 'object', additionalProperties: values })

const user = {
  id: ID,
  email: TEXT_OR_NULL,
  name: TEXT_OR_NULL,
  actor: { ...TEXT_OR_NULL, description: 'Employee, or a partner from outside.' },
  org_unit_id: ID_OR_NULL,
}
const apiKey = {
  id: ID,
  name: TEXT,
  user_id: ID,
  roles: TEXTS,
  ip_allow: ADDRESSES,
  expires_at: INSTANT_OR_NULL,
  created_at: INSTANT,
  last_used_at: INSTANT_OR_NULL,
}
const address = { kind: TEXT, key: TEXT }
const documentLine = {
  ...address,
  label: ANY,
  layer: TEXT,
  changed_by: { ...TEXTS, description: 'Layers that say something of it.' },
  draft_version: { type: ['integer', 'null'] },
  removed: { const: true },
}
const revision = { revision: { type: 'integer', minimum: 1 }, note: TEXT, created_at: INSTANT, created_by: ID_OR_NULL }

/** By component name; in capitals, for entities are never named so. */
export const FIXED_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  ...MODEL_SCHEMAS,
  Build: objectOf({ name: TEXT, version: TEXT, commit: TEXT }),
  ErrorCode: objectOf({ code: TEXT, status: { type: 'integer' }, title: TEXT }),
  Person: objectOf({ ...user, locale: LOCALE, time_zone: TEXT }),
  SignedIn: objectOf({
    access_token: { ...TEXT, description: 'What `Authorization: Bearer` takes.' },
    expires_at: { ...INSTANT, description: 'When it runs out; renewed before then, the session goes on.' },
    user: component('Person'),
  }),
  Me: objectOf({
    user: component('Person'),
    tenant: objectOf({
      id: ID,
      key: TEXT,
      name: TEXT,
      locale: LOCALE,
      currency: TEXT,
      time_zone: TEXT,
      week_start: { type: 'integer', minimum: 1, maximum: 7, description: '1 is Monday.' },
    }),
    roles: TEXTS,
    profiles: TEXTS,
    capabilities: { ...CAPABILITY_LIST, description: 'What you may do beyond records.' },
    limits: { ...mapOf(COUNT), description: 'The caps of your profiles.' },
  }),
  SearchHit: objectOf({ entity: TEXT, id: ID, title: TEXT_OR_NULL }),
  User: objectOf({
    ...user,
    roles: TEXTS,
    locale: TEXT_OR_NULL,
    time_zone: TEXT_OR_NULL,
    locked: FLAG,
    invited: { ...FLAG, description: 'Still without a password.' },
    last_sign_in_at: INSTANT_OR_NULL,
  }),
  Role: objectOf({
    key: TEXT,
    label: TEXT,
    capabilities: CAPABILITY_LIST,
    access_profiles: TEXTS,
    ip_allow: ADDRESSES,
    assignable: { ...FLAG, description: 'Whether you may give it to somebody.' },
  }),
  Session: objectOf({
    id: ID,
    user_id: ID,
    created_at: INSTANT,
    refreshed_at: INSTANT,
    expires_at: INSTANT,
    ip: TEXT_OR_NULL,
    user_agent: TEXT_OR_NULL,
  }),
  ApiKey: objectOf(apiKey),
  NewApiKey: objectOf({
    ...apiKey,
    key: { ...TEXT_OR_NULL, description: 'The text of the key, told once: null when the request is repeated.' },
  }),
  AuditEntry: objectOf({
    id: ID,
    at: INSTANT,
    actor: ID_OR_NULL,
    action: TEXT,
    entity: TEXT_OR_NULL,
    record_id: ID_OR_NULL,
    details: ANY,
    trace_id: TEXT_OR_NULL,
    ip: TEXT_OR_NULL,
  }),
  Failure: objectOf({ code: TEXT, title: TEXT, detail: TEXT, errors: { type: 'array', items: ANY } }, ['errors']),
  Import: objectOf({
    id: ID,
    status: JOB_STATUS,
    dry_run: FLAG,
    map: TEXT,
    entity: TEXT,
    filename: TEXT_OR_NULL,
    created_at: INSTANT,
    updated_at: INSTANT,
    progress: objectOf({ total: { type: ['integer', 'null'] }, done: COUNT, percent: { type: 'integer', minimum: 0, maximum: 100 } }),
    counts: objectOf({ created: COUNT, updated: COUNT, unchanged: COUNT, failed: COUNT, incomplete: COUNT }),
    file: objectOf({ bytes: COUNT, encoding: TEXT, delimiter: TEXT, header_row: COUNT, ignored_columns: TEXTS }),
    failure: orNull(component('Failure')),
    undo: orNull(objectOf({ status: JOB_STATUS, undone: COUNT, kept: COUNT, failure: orNull(component('Failure')) })),
  }),
  ImportRow: objectOf(
    {
      row: COUNT,
      op: { type: 'string', enum: ['create', 'update', 'keep', 'fail'] },
      id: ID_OR_NULL,
      cells: mapOf(TEXT),
      problems: { type: 'array', items: { type: 'object' } },
      changes: { type: 'array', items: { type: 'object' } },
    },
    ['cells', 'problems', 'changes'],
  ),
  MetaSchema: objectOf({ schema: { type: 'object' }, ui: { type: 'object' } }),
  DocumentLine: objectOf(documentLine, ['removed']),
  Document: objectOf({ ...documentLine, document: ANY, layers: mapOf(TEXT), overlay: ANY }, ['removed']),
  Usage: objectOf({ ...address, layer: TEXT_OR_NULL, pointer: TEXT }),
  Change: objectOf(
    { change: { type: 'string', enum: ['added', 'removed', 'changed'] }, ...address, pointer: TEXT, before: ANY, after: ANY },
    ['before', 'after'],
  ),
  Draft: objectOf({
    revision: COUNT,
    documents: {
      type: 'array',
      items: objectOf({ ...address, version: COUNT, removed: FLAG, updated_at: INSTANT, updated_by: ID_OR_NULL }),
    },
    changes: { type: 'array', items: component('Change') },
    problems: PROBLEMS,
  }),
  Edited: objectOf({ ...address, version: COUNT, document: ANY, problems: PROBLEMS }),
  Published: objectOf({
    revision: { type: 'integer', minimum: 1 },
    building: { ...TEXTS, description: 'Fields that are still being filled.' },
    job_id: ID_OR_NULL,
  }),
  RevisionLine: objectOf({ ...revision, changes: COUNT }),
  Revision: objectOf({
    ...revision,
    live: FLAG,
    packs: { type: 'array', items: { type: 'object' } },
    changes: { type: 'array', items: component('Change') },
    building: {
      type: 'array',
      items: objectOf({ entity: TEXT, field: TEXT, done: orNull(COUNT), total: orNull(COUNT), job_id: ID_OR_NULL }),
    },
  }),
}
