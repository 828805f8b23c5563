/**
 * The operations on the records of one entity, in words: those that the caller's grant lets him do, with the schemas of that entity.
 * One entry per route of `/api/records/:entity…`; what is not there for him is left out.
 */
import type { Grant } from '../../access/types.ts'
import type { JsonSchema } from '../../kernel/schema.ts'
import { EXPORT_TYPES } from '../../transfer/index.ts'
import { ENTITY_CODES, QUERY_CODES, WRITE_CODES } from './codes.ts'
import { answered, component, COUNT, dataOf, objectOf, type OperationWords, silent, TEXTS } from './operation-words.ts'
import type { Fill } from './phrases.ts'

/** What the document knows of an entity besides its grant. */
export interface EntityWords {
  readonly grant: Grant
  /** Labels in the caller's language. */
  readonly label: string
  readonly plural: string
  readonly searchable: boolean
  /** Names of the components there are: `deal.create` is there where the caller may create. */
  readonly has: (name: string) => boolean
  /** Whether the caller may export at all. */
  readonly mayExport: boolean
}

const PAGE: JsonSchema = objectOf(
  {
    next: { type: ['string', 'null'], description: 'What `after` takes to go on; null on the last page.' },
    count: { ...COUNT, description: 'Records in all, where `count` asked for it.' },
    count_kind: { type: 'string', enum: ['exact', 'at_least'] },
    partial: { ...TEXTS, description: 'Fields that were compared, but only on records where you may read them.' },
  },
  ['count', 'count_kind', 'partial'],
)
const WARNINGS: JsonSchema = {
  type: 'array',
  items: component('FieldProblem'),
  description: 'What was written in spite of a rule that only warns.',
}

/** Words of an entity's operations by the name of their route. */
export function entityOperations(entity: EntityWords): Readonly<Record<string, OperationWords>> {
  const { grant } = entity
  const may = (operation: Parameters<typeof grant.operations.has>[0]): boolean => grant.operations.has(operation)
  const key = grant.entity.key
  const words: Readonly<Record<string, OperationWords>> = {
    ...reading(entity),
    ...(may('create') ? { 'POST /api/records/:entity': creating(entity) } : {}),
    ...(may('update') ? { 'PATCH /api/records/:entity/:id': patching(entity) } : {}),
    ...(may('delete') ? { 'DELETE /api/records/:entity/:id': deleting(entity) } : {}),
    ...(may('restore') ? { 'POST /api/records/:entity/:id/restore': restoring(entity) } : {}),
    ...(entity.has(`${key}.bulk`) ? { 'POST /api/records/:entity/bulk': bulk(entity) } : {}),
    ...(may('export') && entity.mayExport && grant.caps.exportRows > 0 ? { 'POST /api/records/:entity/export': exporting(entity) } : {}),
    ...(entity.has(`${key}.reveal`) ? { 'POST /api/records/:entity/:id/reveal': revealing(entity) } : {}),
    ...(entity.has(`${key}.convert`) ? { 'POST /api/records/:entity/:id/convert': converting(entity) } : {}),
  }
  const fill = fillOf(entity)
  return Object.fromEntries(Object.entries(words).map(([route, operation]) => [route, { ...operation, fill }]))
}

/** What the words of all of its operations may name. */
function fillOf({ grant: { caps }, label, plural }: EntityWords): Fill {
  return {
    label,
    plural,
    page: caps.maxPageSize,
    filters: caps.maxFilters,
    includes: caps.maxIncludes,
    depth: caps.maxDepth,
    groups: caps.maxGroups,
    operations: caps.bulkOperations,
    rows: caps.exportRows,
  }
}

function reading(entity: EntityWords): Readonly<Record<string, OperationWords>> {
  const { grant } = entity
  const key = grant.entity.key
  const tag = key
  const records = dataOf({ type: 'array', items: component(`${key}.selected`), maxItems: grant.caps.maxPageSize }, { page: PAGE }, ['page'])
  const record = component(`${key}.selected`)
  const most = grant.caps.maxPageSize
  const limit = {
    type: 'integer',
    minimum: 1,
    maximum: most,
    'x-default': Math.min(50, most),
    description: 'Records of a page, up to {page}.',
  }
  const refuses = [...ENTITY_CODES, ...QUERY_CODES, 'VALIDATE_CURSOR']
  return {
    'GET /api/records/:entity': {
      id: `list_${key}`,
      tag,
      summary: 'List {plural}',
      description:
        'A page of records, by the query language in the address. At most {page} records a page, {filters} conditions, {includes} includes, paths {depth} deep.',
      refuses,
      parameters: {
        select: {
          type: 'string',
          maxLength: 4_000,
          description: 'Names of what to answer, with commas; through references with dots. Everything usual without.',
        },
        where: { ...component(`${key}.where`), description: 'A predicate over fields that you may filter by, as JSON.' },
        sort: { type: 'string', maxLength: 4_000, description: 'Names to sort by, with commas, a minus before those that go down.' },
        search: entity.searchable ? { type: 'string', maxLength: 200, description: 'Words that the records hold.' } : null,
        limit,
        after: { type: 'string', maxLength: 4_000, description: '`page.next` of the page before.' },
        count: {
          type: 'string',
          enum: ['none', 'estimated', 'exact'],
          'x-default': 'none',
          description: 'Whether to count the records in all.',
        },
        trash: grant.operations.has('restore')
          ? { type: 'boolean', 'x-default': false, description: 'The deleted records instead.' }
          : null,
      },
      answers: { 200: { description: 'A page of {plural}', schema: records } },
    },
    'POST /api/records/:entity/query': {
      id: `query_${key}`,
      tag,
      summary: 'Query {plural}',
      description:
        'A page of records, by a query in the body. At most {page} records a page, {filters} conditions, {includes} includes, paths {depth} deep.',
      refuses,
      body: component(`${key}.query`),
      answers: { 200: { description: 'A page of {plural}', schema: records } },
    },
    'POST /api/records/:entity/aggregate': {
      id: `aggregate_${key}`,
      tag,
      summary: 'Figures of {plural}',
      description: 'Counts, sums and other measures, by groups; up to {groups} of them.',
      refuses: [...ENTITY_CODES, ...QUERY_CODES, 'PLAN_TOO_MANY_GROUPS'],
      body: component(`${key}.aggregate`),
      answers: {
        200: {
          description: 'The groups',
          schema: dataOf(
            { type: 'array', items: component('Group'), maxItems: grant.caps.maxGroups },
            { page: objectOf({ partial: TEXTS }) },
          ),
        },
      },
    },
    'GET /api/records/:entity/:id': {
      id: `get_${key}`,
      tag,
      summary: 'Read {label}',
      refuses: [...ENTITY_CODES, ...QUERY_CODES],
      parameters: {
        select: {
          type: 'string',
          maxLength: 4_000,
          description: 'Names of what to answer, with commas; through references with dots.',
        },
      },
      answers: { 200: answered('{label}', record, ['etag']) },
    },
    'GET /api/records/:entity/:id/history': {
      id: `history_${key}`,
      tag,
      summary: 'History of {label}',
      description:
        'What happened to the record, newest first: of it, what you may read now. Values that the engine makes are not told; of a copied one, what somebody wrote over it.',
      refuses: [...ENTITY_CODES, ...QUERY_CODES, 'VALIDATE_CURSOR'],
      parameters: { limit },
      answers: {
        200: {
          description: 'A page of changes',
          schema: dataOf(
            { type: 'array', items: component(`${key}.history`), maxItems: most },
            { page: objectOf({ next: { type: ['string', 'null'] } }) },
            ['page'],
          ),
        },
      },
    },
  }
}

/** A written record as its writer sees it. */
const writtenOf = (key: string): JsonSchema => dataOf(component(key), { warnings: WARNINGS })
const GONE = silent('Done; the record is out of your sight now.')

function creating({ grant }: EntityWords): OperationWords {
  const key = grant.entity.key
  return {
    id: `create_${key}`,
    tag: key,
    summary: 'Create {label}',
    reads: ['idempotency-key'],
    refuses: [...ENTITY_CODES, ...WRITE_CODES],
    body: component(`${key}.create`),
    answers: { 201: { description: '{label}', schema: writtenOf(key), headers: ['location', 'etag'] }, 204: GONE },
  }
}

function patching({ grant }: EntityWords): OperationWords {
  const key = grant.entity.key
  return {
    id: `update_${key}`,
    tag: key,
    summary: 'Change {label}',
    description: 'A merge-patch (RFC 7396): what is left out stays, what is null goes. `if-match` names the version you have seen.',
    reads: ['if-match'],
    refuses: [...ENTITY_CODES, ...WRITE_CODES],
    body: component(`${key}.patch`),
    answers: { 200: { description: '{label}', schema: writtenOf(key), headers: ['etag'] }, 204: GONE },
  }
}

function deleting({ grant }: EntityWords): OperationWords {
  const key = grant.entity.key
  return {
    id: `delete_${key}`,
    tag: key,
    summary: 'Delete {label}',
    description: 'Into the trash, from where it can be restored.',
    reads: ['if-match'],
    refuses: [...ENTITY_CODES, ...WRITE_CODES],
    answers: { 204: silent('Deleted') },
  }
}

function restoring({ grant }: EntityWords): OperationWords {
  const key = grant.entity.key
  return {
    id: `restore_${key}`,
    tag: key,
    summary: 'Restore {label}',
    refuses: [...ENTITY_CODES, ...WRITE_CODES],
    answers: { 200: { description: '{label}', schema: writtenOf(key), headers: ['etag'] }, 204: GONE },
  }
}

function bulk({ grant }: EntityWords): OperationWords {
  const key = grant.entity.key
  return {
    id: `bulk_${key}`,
    tag: key,
    summary: 'Change many {plural}',
    description: 'Up to {operations} operations in one request; all of them or none, unless `atomic` is false.',
    reads: ['idempotency-key'],
    refuses: [...ENTITY_CODES, ...WRITE_CODES, 'RECORDS_TOO_MANY_OPERATIONS', 'VALIDATE_QUERY_FAILED'],
    body: component(`${key}.bulk`),
    answers: { 200: answered('What became of each operation, in their order', component(`${key}.bulk_results`)) },
  }
}

function exporting({ grant }: EntityWords): OperationWords {
  const key = grant.entity.key
  return {
    id: `export_${key}`,
    tag: key,
    summary: 'Export {plural}',
    description: 'Records as a file, up to {rows} rows; more are refused, not cut off.',
    refuses: [...ENTITY_CODES, ...QUERY_CODES],
    body: objectOf({ format: { type: 'string', enum: Object.keys(EXPORT_TYPES) }, query: component(`${key}.export`) }, ['query']),
    example: { format: 'csv', query: { limit: 10 } },
    answers: {
      200: {
        description: 'The file',
        schema: {},
        types: Object.values(EXPORT_TYPES).map(type => type.split(';')[0] ?? type),
        headers: ['content-disposition'],
      },
    },
  }
}

function revealing({ grant }: EntityWords): OperationWords {
  const key = grant.entity.key
  return {
    id: `reveal_${key}`,
    tag: key,
    summary: 'Reveal a masked value of {label}',
    description: 'Shows one masked value as it is. Counted against your allowance of the day, and written into the audit with your reason.',
    refuses: [...ENTITY_CODES, 'ACCESS_ROW_FORBIDDEN', 'RECORDS_REVEALS_USED_UP', 'VALIDATE_QUERY_FAILED', 'SQL_OUTCOME_UNKNOWN'],
    body: component(`${key}.reveal`),
    answers: { 200: answered('The value', component(`${key}.revealed`)) },
  }
}

function converting({ grant }: EntityWords): OperationWords {
  const key = grant.entity.key
  return {
    id: `convert_${key}`,
    tag: key,
    summary: 'Convert {label}',
    description: 'Makes of the record what a conversion of its entity says, in one transaction.',
    reads: ['if-match', 'idempotency-key'],
    refuses: [...ENTITY_CODES, ...WRITE_CODES, 'RECORDS_CONVERSION_FORBIDDEN', 'RECORDS_NOT_CONVERTIBLE', 'VALIDATE_QUERY_FAILED'],
    body: component(`${key}.convert`),
    answers: {
      200: {
        description: 'What was made, and the record',
        schema: dataOf(component(`${key}.converted`), { warnings: WARNINGS }),
        headers: ['etag'],
      },
    },
  }
}
