/** Routes that any caller has, or nobody needs to sign in for, in words: sign-in, himself, his model, search, imports. */
import { ENTITY_CODES, QUERY_CODES } from './codes.ts'
import { answered, component, dataOf, listOf, objectOf, type OperationWords, silent, TEXT } from './operation-words.ts'

const KNOWN = silent('You hold the same already.', ['etag'])
const SIGN_IN = ['IDENTITY_BUSY', 'IDENTITY_THROTTLED', 'SQL_CONFLICT', 'SQL_TIMEOUT', 'SQL_UNAVAILABLE', 'SQL_OUTCOME_UNKNOWN'] as const
const TENANT = { tenant: 'demo', email: 'rep@demo.test' } as const

const house: Readonly<Record<string, OperationWords>> = {
  'GET /health': {
    id: 'health',
    tag: 'house',
    summary: 'Whether the program is up',
    refuses: [],
    answers: { 200: answered('It is.', objectOf({ status: TEXT })) },
  },
  'GET /health/ready': {
    id: 'health_ready',
    tag: 'house',
    summary: 'Whether it has its stores',
    refuses: ['HTTP_NOT_READY'],
    answers: { 200: answered('It has.', objectOf({ status: TEXT })) },
  },
  'GET /version': {
    id: 'version',
    tag: 'house',
    summary: 'Which build it is',
    refuses: [],
    answers: { 200: answered('Name, version and commit', component('Build')) },
  },
  'GET /problems/:code': {
    id: 'problem',
    tag: 'house',
    summary: 'What a problem’s type means',
    refuses: [],
    answers: { 200: answered('Code, status and title', component('ErrorCode')) },
  },
  'GET /api/schemas/events/:type/:version': {
    id: 'event_schema',
    tag: 'house',
    summary: 'What an event looks like',
    refuses: [],
    answers: { 200: { description: 'A JSON Schema', schema: { type: 'object' }, types: ['application/schema+json'] } },
  },
}

const auth: Readonly<Record<string, OperationWords>> = {
  'POST /api/auth/login': {
    id: 'auth_login',
    tag: 'auth',
    summary: 'Sign in',
    description: 'Gives an access token for `Authorization: Bearer`, and a cookie by which it can be renewed.',
    refuses: [...SIGN_IN, 'IDENTITY_SIGN_IN_REFUSED'],
    example: { ...TENANT, password: 'nexus-demo-1' },
    answers: { 200: answered('A token and who it is for', component('SignedIn'), ['set-cookie']) },
  },
  'POST /api/auth/refresh': {
    id: 'auth_refresh',
    tag: 'auth',
    summary: 'Renew the access token by the cookie',
    security: ['cookie'],
    reads: ['nexus-client'],
    refuses: [...SIGN_IN, 'IDENTITY_CROSS_SITE', 'IDENTITY_REFRESH_RACED', 'IDENTITY_REFRESH_REFUSED'],
    answers: { 200: answered('A token and who it is for', component('SignedIn'), ['set-cookie']) },
  },
  'POST /api/auth/logout': {
    id: 'auth_logout',
    tag: 'auth',
    summary: 'Sign out',
    security: ['bearer', 'cookie'],
    reads: ['nexus-client'],
    refuses: [...SIGN_IN, 'IDENTITY_CROSS_SITE'],
    answers: { 204: silent('The session has ended.', ['set-cookie']) },
  },
  'POST /api/auth/password/forgot': {
    id: 'auth_password_forgot',
    tag: 'auth',
    summary: 'Ask for a link that sets a new password',
    description: 'Answers alike whether or not there is such a person.',
    refuses: SIGN_IN,
    example: TENANT,
    answers: { 202: silent('If there is such a person, a letter is on its way.') },
  },
  'POST /api/auth/password/reset': {
    id: 'auth_password_reset',
    tag: 'auth',
    summary: 'Set a new password by a link',
    refuses: [...SIGN_IN, 'IDENTITY_LINK_INVALID', 'IDENTITY_PASSWORD_REFUSED'],
    answers: { 204: silent('The password is set.') },
  },
}

const me: Readonly<Record<string, OperationWords>> = {
  'GET /api/me': {
    id: 'me_get',
    tag: 'me',
    summary: 'Who you are here',
    refuses: [],
    answers: { 200: answered('You', component('Me')) },
  },
  'PATCH /api/me': {
    id: 'me_change',
    tag: 'me',
    summary: 'Change your language or time zone',
    refuses: ['IDENTITY_TIME_ZONE_UNKNOWN', 'SQL_OUTCOME_UNKNOWN'],
    example: { locale: 'en' },
    answers: { 204: silent('Changed') },
  },
  'POST /api/me/password': {
    id: 'me_password',
    tag: 'me',
    summary: 'Change your password',
    description: 'The session you are in goes on; its access token ends with the others and has to be renewed.',
    refuses: ['IDENTITY_BUSY', 'IDENTITY_PASSWORD_REFUSED', 'IDENTITY_PASSWORD_WRONG', 'IDENTITY_THROTTLED', 'SQL_OUTCOME_UNKNOWN'],
    answers: { 204: silent('Changed; your other sessions have ended.') },
  },
}

const model: Readonly<Record<string, OperationWords>> = {
  'GET /api/model': {
    id: 'model_get',
    tag: 'model',
    summary: 'Your model',
    description: 'What exists for you, in your language. Changes with its `etag`.',
    reads: ['if-none-match'],
    refuses: [],
    answers: { 200: answered('The model', component('Model'), ['etag']), 304: KNOWN },
  },
  'GET /api/model/:entity/form': {
    id: 'model_form',
    tag: 'model',
    summary: 'The form of an entity',
    reads: ['if-none-match'],
    refuses: ENTITY_CODES,
    answers: { 200: answered('The form', component('Form'), ['etag']), 304: KNOWN },
  },
  'GET /api/openapi.json': {
    id: 'openapi_get',
    tag: 'model',
    summary: 'This document',
    description: 'What you may do here, as OpenAPI 3.1. Changes with its `etag`.',
    reads: ['if-none-match'],
    refuses: [],
    answers: { 200: { description: 'The document', schema: { type: 'object' }, headers: ['etag'] }, 304: KNOWN },
  },
  'GET /api/types.ts': {
    id: 'types_get',
    tag: 'model',
    summary: 'Your types in TypeScript',
    description:
      'Records, creates, patches, queries and aggregates of every entity that exists for you, for the client of `/api/client.js`.',
    reads: ['if-none-match'],
    refuses: ['AUTHORING_TYPES_UNAVAILABLE'],
    answers: { 200: { description: 'A module of types', schema: TEXT, types: ['text/plain'], headers: ['etag'] }, 304: KNOWN },
  },
  'GET /api/search': {
    id: 'search',
    tag: 'model',
    summary: 'Search all entities',
    refuses: [...ENTITY_CODES, ...QUERY_CODES],
    answers: { 200: answered('What was found, by entity', { type: 'array', items: component('SearchHit') }) },
  },
}

const importing = [...ENTITY_CODES] as const
const file = ['TRANSFER_FILE_GONE', 'TRANSFER_GAVE_UP'] as const

const imports: Readonly<Record<string, OperationWords>> = {
  'POST /api/import': {
    id: 'import_begin',
    tag: 'import',
    summary: 'Import a file',
    description: 'Takes a CSV file and the key of an import map; a job goes through its rows.',
    reads: ['idempotency-key'],
    refuses: [
      ...importing,
      'TRANSFER_FILE_COLUMNS',
      'TRANSFER_FILE_EMPTY',
      'TRANSFER_FILE_NO_TEXT',
      'TRANSFER_FILE_QUOTE',
      'TRANSFER_FILE_REQUIRED',
      'TRANSFER_FILE_ROW_SIZE',
      'TRANSFER_FILE_TOO_LARGE',
      'TRANSFER_FILE_TOO_MANY_ROWS',
      'TRANSFER_MAP_INVALID',
      'TRANSFER_UNKNOWN_MAP',
    ],
    body: objectOf(
      {
        file: { type: 'string', contentMediaType: 'text/csv', description: 'The file' },
        map: { type: 'string', minLength: 1, maxLength: 65_536, description: 'Key of an import map' },
        dry_run: {
          type: 'string',
          enum: ['true', 'false'],
          'x-default': 'false',
          description: 'Show what would come of it, and write nothing.',
        },
      },
      ['dry_run'],
    ),
    answers: { 202: answered('The job', component('Import'), ['location']) },
  },
  'GET /api/import/:id': {
    id: 'import_get',
    tag: 'import',
    summary: 'How an import stands',
    refuses: importing,
    answers: { 200: answered('The import', component('Import')) },
  },
  'GET /api/import/:id/rows': {
    id: 'import_rows',
    tag: 'import',
    summary: 'Rows of an import with something to tell of them',
    refuses: importing,
    answers: { 200: { description: 'A page of rows', schema: listOf(component('ImportRow'), { type: ['integer', 'null'] }) } },
  },
  'GET /api/import/:id/errors': {
    id: 'import_errors',
    tag: 'import',
    summary: 'The refused rows as a file',
    refuses: importing,
    answers: { 200: { description: 'The file', schema: TEXT, types: ['text/csv'], headers: ['content-disposition'] } },
  },
  'POST /api/import/:id/undo': {
    id: 'import_undo',
    tag: 'import',
    summary: 'Undo an import',
    refuses: [...importing, ...file, 'TRANSFER_NOT_UNDOABLE', 'SQL_OUTCOME_UNKNOWN'],
    answers: { 202: { description: 'The job', schema: dataOf(component('Import')), headers: ['location'] } },
  },
}

/** By the name of their route. */
export const CALLER_OPERATIONS: Readonly<Record<string, OperationWords>> = { ...house, ...auth, ...me, ...model, ...imports }
