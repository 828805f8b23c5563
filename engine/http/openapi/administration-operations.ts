/** Routes of those who manage people, keys, sessions and the model, in words; shown to callers with the capability. */
import { WRITE_CODES } from './codes.ts'
import { answered, component, dataOf, listOf, type OperationWords, silent } from './operation-words.ts'
import type { Phrase } from './phrases.ts'

const SAVED = ['SQL_OUTCOME_UNKNOWN'] as const
const PEOPLE = [
  ...WRITE_CODES,
  'ACCESS_OPERATION_FORBIDDEN',
  'IDENTITY_BUSY',
  'IDENTITY_EMAIL_TAKEN',
  'IDENTITY_PASSWORD_REFUSED',
  'IDENTITY_ROLE_UNKNOWN',
  'IDENTITY_TIME_ZONE_UNKNOWN',
  'NOT_FOUND',
] as const

const user = (id: string, summary: Phrase): OperationWords => ({
  id,
  tag: 'admin',
  summary,
  refuses: PEOPLE,
  answers: { 200: answered('The user', component('User')) },
})

const people: Readonly<Record<string, OperationWords>> = {
  'GET /api/admin/users': {
    id: 'admin_users_list',
    tag: 'admin',
    summary: 'List users',
    refuses: ['VALIDATE_CURSOR', 'NOT_FOUND', 'ACCESS_OPERATION_FORBIDDEN', 'VALIDATE_QUERY_FAILED'],
    answers: { 200: { description: 'A page of users', schema: listOf(component('User')) } },
  },
  'POST /api/admin/users': {
    ...user('admin_users_create', 'Create a user'),
    reads: ['idempotency-key'],
    example: { email: 'ann@demo.test', name: 'Ann Bell', roles: ['rep'] },
    answers: { 201: answered('The user', component('User'), ['location']) },
  },
  'GET /api/admin/users/:id': user('admin_users_get', 'Read a user'),
  'PATCH /api/admin/users/:id': { ...user('admin_users_change', 'Change a user'), example: { name: 'Ann Bell' } },
  'POST /api/admin/users/:id/lock': user('admin_users_lock', 'Lock a user out'),
  'POST /api/admin/users/:id/unlock': user('admin_users_unlock', 'Let a user in again'),
  'POST /api/admin/users/:id/reset': {
    ...user('admin_users_reset', 'Send a user a link that sets a new password'),
    answers: { 202: silent('The letter is on its way.') },
  },
  'GET /api/admin/roles': {
    id: 'admin_roles_list',
    tag: 'admin',
    summary: 'List roles',
    refuses: [],
    answers: { 200: answered('The roles', { type: 'array', items: component('Role') }) },
  },
  'GET /api/admin/sessions': {
    id: 'admin_sessions_list',
    tag: 'admin',
    summary: 'List sessions that are alive',
    refuses: ['NOT_FOUND'],
    answers: { 200: { description: 'A page of sessions', schema: listOf(component('Session')) } },
  },
  'DELETE /api/admin/sessions/:id': {
    id: 'admin_sessions_end',
    tag: 'admin',
    summary: 'End a session',
    refuses: [...SAVED, 'IDENTITY_MORE_THAN_HELD'],
    answers: { 204: silent('Ended') },
  },
  'GET /api/admin/api_keys': {
    id: 'admin_api_keys_list',
    tag: 'admin',
    summary: 'List API keys',
    refuses: [],
    answers: { 200: { description: 'A page of keys', schema: listOf(component('ApiKey')) } },
  },
  'POST /api/admin/api_keys': {
    id: 'admin_api_keys_create',
    tag: 'admin',
    summary: 'Make an API key for yourself',
    description: 'The text of the key is told once and kept nowhere.',
    reads: ['idempotency-key'],
    refuses: [...SAVED, 'IDENTITY_ADDRESS_INVALID', 'IDENTITY_EXPIRY_PAST', 'IDENTITY_MORE_THAN_HELD', 'IDENTITY_ROLE_UNKNOWN'],
    example: { name: 'Reporting', roles: ['rep'] },
    answers: { 201: answered('The key', component('NewApiKey')) },
  },
  'DELETE /api/admin/api_keys/:id': {
    id: 'admin_api_keys_revoke',
    tag: 'admin',
    summary: 'Revoke an API key',
    refuses: [...SAVED, 'IDENTITY_MORE_THAN_HELD'],
    answers: { 204: silent('Revoked') },
  },
  'GET /api/admin/audit': {
    id: 'admin_audit_list',
    tag: 'admin',
    summary: 'Read the audit',
    refuses: ['AUDIT_CURSOR_REFUSED'],
    answers: { 200: { description: 'A page of the audit, newest first', schema: listOf(component('AuditEntry')) } },
  },
  'GET /api/admin/audit/export': {
    id: 'admin_audit_export',
    tag: 'admin',
    summary: 'Export the audit',
    refuses: SAVED,
    answers: {
      200: { description: 'One entry a line', schema: {}, types: ['application/jsonl'], headers: ['content-disposition'] },
    },
  },
}

const DRAFT = [...SAVED, 'AUTHORING_MORE_THAN_HELD', 'AUTHORING_PACK_DOCUMENT', 'NOT_FOUND'] as const
const EDIT = [...DRAFT, 'AUTHORING_MISPLACED', 'AUTHORING_TOO_LARGE', 'AUTHORING_VERSION_REQUIRED', 'AUTHORING_VERSION_STALE'] as const
const edited = answered('The document as the draft holds it', component('Edited'), ['etag'])

const studio: Readonly<Record<string, OperationWords>> = {
  'GET /api/studio/schemas/:name': {
    id: 'studio_schema',
    tag: 'studio',
    summary: 'The schema of a kind of document',
    refuses: [],
    answers: { 200: answered('The schema, and hints how to draw it', component('MetaSchema')) },
  },
  'GET /api/studio/documents': {
    id: 'studio_documents_list',
    tag: 'studio',
    summary: 'List documents of the model',
    refuses: [],
    answers: { 200: answered('The documents', { type: 'array', items: component('DocumentLine') }) },
  },
  'GET /api/studio/documents/:kind/:key': {
    id: 'studio_documents_get',
    tag: 'studio',
    summary: 'Read a document with the origin of its parts',
    refuses: [],
    answers: { 200: answered('The document', component('Document'), ['etag']) },
  },
  'GET /api/studio/where_used/:kind/:key': {
    id: 'studio_where_used',
    tag: 'studio',
    summary: 'Where a document or field is named',
    refuses: [],
    answers: { 200: answered('The places', { type: 'array', items: component('Usage') }) },
  },
  'POST /api/studio/preview/form': {
    id: 'studio_preview_form',
    tag: 'studio',
    summary: 'A form as the draft would have it',
    refuses: ['AUTHORING_DRAFT_BROKEN', 'NOT_FOUND', 'ACCESS_OPERATION_FORBIDDEN'],
    answers: { 200: answered('The form', component('Form')) },
  },
  'GET /api/studio/draft': {
    id: 'studio_draft_get',
    tag: 'studio',
    summary: 'Read the draft',
    refuses: [],
    answers: { 200: answered('The draft', component('Draft')) },
  },
  'DELETE /api/studio/draft': {
    id: 'studio_draft_discard',
    tag: 'studio',
    summary: 'Throw the draft away',
    refuses: DRAFT,
    answers: { 204: silent('Thrown away') },
  },
  'PUT /api/studio/draft/:kind/:key': {
    id: 'studio_draft_save',
    tag: 'studio',
    summary: 'Put a document into the draft',
    reads: ['if-match-optional'],
    refuses: EDIT,
    body: { type: 'object', description: 'The document; `GET /api/studio/schemas/:name` says what it may hold.' },
    answers: { 200: edited, 201: edited },
  },
  'DELETE /api/studio/draft/:kind/:key': {
    id: 'studio_draft_remove',
    tag: 'studio',
    summary: 'Take a document out',
    reads: ['if-match-optional'],
    refuses: EDIT,
    answers: { 200: edited },
  },
  'POST /api/studio/draft/check': {
    id: 'studio_draft_check',
    tag: 'studio',
    summary: 'What publishing would do',
    refuses: [],
    answers: { 200: answered('Problems, notes and impact', component('Checked')) },
  },
  'POST /api/studio/draft/publish': {
    id: 'studio_draft_publish',
    tag: 'studio',
    summary: 'Publish the draft',
    reads: ['idempotency-key'],
    refuses: [
      ...DRAFT,
      'AUTHORING_BUSY',
      'AUTHORING_DRAFT_BROKEN',
      'AUTHORING_DRAFT_MOVED',
      'AUTHORING_NOTHING_TO_PUBLISH',
      'IDENTITY_LAST_ADMIN',
    ],
    example: { note: 'Budget codes' },
    answers: { 200: answered('The new revision', component('Published')) },
  },
  'GET /api/studio/revisions': {
    id: 'studio_revisions_list',
    tag: 'studio',
    summary: 'List revisions',
    refuses: [],
    answers: { 200: { description: 'A page of revisions', schema: listOf(component('RevisionLine'), { type: ['integer', 'null'] }) } },
  },
  'GET /api/studio/revisions/:revision': {
    id: 'studio_revisions_get',
    tag: 'studio',
    summary: 'Read a revision',
    refuses: [],
    answers: { 200: answered('The revision', component('Revision')) },
  },
  'GET /api/studio/revisions/:revision/diff/:other': {
    id: 'studio_revisions_diff',
    tag: 'studio',
    summary: 'What differs between two revisions',
    refuses: [],
    answers: {
      200: {
        description: 'The changes',
        schema: dataOf({
          type: 'object',
          properties: { changes: { type: 'array', items: component('Change') } },
          required: ['changes'],
          additionalProperties: false,
        }),
      },
    },
  },
  'POST /api/studio/revisions/:revision/restore': {
    id: 'studio_revisions_restore',
    tag: 'studio',
    summary: 'Make a draft that brings a revision back',
    refuses: [...DRAFT, 'AUTHORING_DRAFT_EXISTS', 'AUTHORING_TOO_LARGE'],
    answers: { 200: answered('The draft', component('Draft')) },
  },
}

/** By the name of their route. */
export const ADMINISTRATION_OPERATIONS: Readonly<Record<string, OperationWords>> = { ...people, ...studio }
