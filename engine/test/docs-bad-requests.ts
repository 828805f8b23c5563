/**
 * Requests that are understood and yet can not be, with what comes of them: sent by the test of the papers, listed by the page of bad input.
 * Names in braces stand for ids of the sample.
 */

/** One request and its answer; `error` is the first entry of `errors`. */
export interface BadRequest {
  readonly group: string
  readonly input: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  readonly code: string
  readonly error?: { readonly pointer: string; readonly code: string }
}

type Row = readonly [
  input: string,
  sent: Pick<BadRequest, 'method' | 'path' | 'body' | 'headers'>,
  status: number,
  code: string,
  error?: readonly [string, string],
]

const rows = (group: string, list: readonly Row[]): BadRequest[] =>
  list.map(([input, sent, status, code, error]) => ({
    group,
    input,
    ...sent,
    status,
    code,
    ...(error === undefined ? {} : { error: { pointer: error[0], code: error[1] } }),
  }))

const get = (path: string) => ({ method: 'GET', path }) as const
const make = (entity: string, body: unknown) => ({ method: 'POST', path: `/api/records/${entity}`, body }) as const
const change = (path: string, version: string | null, body: unknown) =>
  ({ method: 'PATCH', path: `/api/records/${path}`, body, ...(version === null ? {} : { headers: { 'if-match': version } }) }) as const
const remove = (path: string, version: string) =>
  ({ method: 'DELETE', path: `/api/records/${path}`, headers: { 'if-match': version } }) as const
const ask = (body: unknown, entity = 'deal') => ({ method: 'POST', path: `/api/records/${entity}/query`, body }) as const
const count = (body: unknown) => ({ method: 'POST', path: '/api/records/deal/aggregate', body }) as const

const NOWHERE = '0198c0de-0000-7000-8000-000000000000'
const nested = (levels: number): unknown => (levels === 0 ? { name: { eq: 'x' } } : { and: [nested(levels - 1)] })

export const badRequests: readonly BadRequest[] = [
  ...rows('What is not there, or not for the caller', [
    ['an entity that does not exist', get('/api/records/unicorn'), 404, 'NOT_FOUND'],
    ['an entity named `__proto__`', get('/api/records/__proto__'), 404, 'NOT_FOUND'],
    ['an entity named with a quote', get('/api/records/deal%27%20or%201=1'), 404, 'NOT_FOUND'],
    ['a record that does not exist', get(`/api/records/deal/${NOWHERE}`), 404, 'NOT_FOUND'],
    ['an id that is none', get('/api/records/deal/17'), 404, 'NOT_FOUND'],
    ["another tenant's record", get('/api/records/customer/{foreign}'), 404, 'NOT_FOUND'],
    ["another tenant's record, to be changed", change('customer/{foreign}', '"1"', { name: 'Mine' }), 404, 'NOT_FOUND'],
    ['a record under the name of another entity', get('/api/records/deal/{customer}'), 404, 'NOT_FOUND'],
    ['a document that does not exist', get('/api/studio/documents/entity/unicorn'), 404, 'NOT_FOUND'],
    ['a revision that does not exist', get('/api/studio/revisions/4711'), 404, 'NOT_FOUND'],
  ]),
  ...rows('Versions and conflicts', [
    ['a change that names no version', change('deal/{deal}', null, { name: 'x' }), 428, 'HTTP_IF_MATCH_REQUIRED'],
    ['a version that is none', change('deal/{deal}', 'first', { name: 'x' }), 400, 'HTTP_HEADER_INVALID'],
    ['a stale version', change('deal/{deal}', '"7"', { name: 'x' }), 412, 'RECORDS_VERSION_STALE'],
    ['a value that is taken', make('deal', { name: 'Twin', external_id: 'X-1' }), 409, 'RECORDS_NOT_UNIQUE'],
    ['deleting a record that others need', remove('customer/{customer}', '"{customer_version}"'), 409, 'RECORDS_NOT_POSSIBLE'],
    ['publishing nothing', { method: 'POST', path: '/api/studio/draft/publish', body: { note: 'x' } }, 409, 'AUTHORING_NOTHING_TO_PUBLISH'],
  ]),
  ...rows('References, trees, stages, rules', [
    ['a reference to nothing', make('deal', { name: 'x', customer: NOWHERE }), 422, 'VALIDATE_FAILED', ['/customer', 'VALIDATE_REFERENCE']],
    [
      "a reference to another tenant's record",
      make('deal', { name: 'x', customer: '{foreign}' }),
      422,
      'VALIDATE_FAILED',
      ['/customer', 'VALIDATE_REFERENCE'],
    ],
    [
      'a reference to a record of another entity',
      make('deal', { name: 'x', customer: '{deal}' }),
      422,
      'VALIDATE_FAILED',
      ['/customer', 'VALIDATE_REFERENCE'],
    ],
    [
      'a category below itself',
      change('product_category/{category}', '"1"', { parent: '{below}' }),
      422,
      'VALIDATE_FAILED',
      ['/parent', 'VALIDATE_CYCLE'],
    ],
    [
      'a step that the process does not have',
      change('deal/{deal}', '"1"', { stage: 'negotiation', amount: '10.00' }),
      422,
      'VALIDATE_FAILED',
      ['/stage', 'VALIDATE_TRANSITION'],
    ],
    ['a value that a rule forbids', make('deal', { name: 'x', discount: '80' }), 422, 'VALIDATE_FAILED', ['/discount', 'VALIDATE_RULE']],
    ['a formula that never ends', make('probe', { name: 'loop' }), 422, 'VALIDATE_FAILED', ['/looping', 'VALIDATE_FORMULA']],
    ['a formula that makes a giant text', make('probe', { name: 'bomb' }), 422, 'VALIDATE_FAILED', ['/bulging', 'VALIDATE_FORMULA']],
  ]),
  ...rows('Queries', [
    ['`limit` 0', ask({ limit: 0 }), 422, 'VALIDATE_QUERY_FAILED', ['/limit', 'VALIDATE_MINIMUM']],
    ['a negative `limit`', ask({ limit: -1 }), 422, 'VALIDATE_QUERY_FAILED', ['/limit', 'VALIDATE_MINIMUM']],
    ['a giant `limit`', ask({ limit: 1e15 }), 422, 'VALIDATE_QUERY_FAILED', ['/limit', 'VALIDATE_CAP']],
    ['a `limit` above the cap', ask({ limit: 500 }), 422, 'VALIDATE_QUERY_FAILED', ['/limit', 'VALIDATE_CAP']],
    ['`"10"` for 10', ask({ limit: '10' }), 422, 'VALIDATE_QUERY_FAILED', ['/limit', 'VALIDATE_TYPE']],
    ['an unknown member', ask({ offset: 20 }), 422, 'VALIDATE_QUERY_FAILED', ['/offset', 'VALIDATE_UNKNOWN_NAME']],
    ['an unknown name', ask({ select: ['nmae'] }), 422, 'VALIDATE_QUERY_FAILED', ['/select/0', 'VALIDATE_UNKNOWN_NAME']],
    ['a name in another spelling', ask({ where: { NAME: { eq: 'x' } } }), 422, 'VALIDATE_QUERY_FAILED', ['/where/NAME', 'VALIDATE_NAME']],
    ['a name with a homoglyph', ask({ where: { nаme: { eq: 'x' } } }), 422, 'VALIDATE_QUERY_FAILED', ['/where/nаme', 'VALIDATE_NAME']],
    ['the name of a column', ask({ where: { t1: { eq: 'x' } } }), 422, 'VALIDATE_QUERY_FAILED', ['/where/t1', 'VALIDATE_UNKNOWN_NAME']],
    ['SQL for a name', ask({ sort: ['name; drop table record'] }), 422, 'VALIDATE_QUERY_FAILED', ['/sort/0', 'VALIDATE_PATTERN']],
    [
      'an operator that does not exist',
      ask({ where: { name: { like: '%' } } }),
      422,
      'VALIDATE_QUERY_FAILED',
      ['/where/name/like', 'VALIDATE_UNKNOWN_OPERATOR'],
    ],
    [
      'a value of another type',
      ask({ where: { amount: { gt: 10 } } }),
      422,
      'VALIDATE_QUERY_FAILED',
      ['/where/amount/gt', 'VALIDATE_OPERAND'],
    ],
    [
      'a variable that does not exist',
      ask({ where: { name: { eq: '$secret' } } }),
      422,
      'VALIDATE_QUERY_FAILED',
      ['/where/name/eq', 'VALIDATE_VARIABLE'],
    ],
    [
      'conditions nested too deep',
      ask({ where: nested(12) }),
      422,
      'VALIDATE_QUERY_FAILED',
      ['/where/and/0/and/0/and/0/and/0/and/0/and/0/and/0/and/0', 'VALIDATE_MAX_DEPTH'],
    ],
    [
      'too many conditions',
      ask({ where: { or: Array.from({ length: 31 }, () => ({ name: { eq: 'x' } })) } }),
      422,
      'VALIDATE_QUERY_FAILED',
      ['/where/or', 'VALIDATE_MAX_FILTERS'],
    ],
    [
      'a list of 501 values',
      ask({ where: { name: { in: Array.from({ length: 501 }, (_, n) => `${n}`) } } }),
      422,
      'VALIDATE_QUERY_FAILED',
      ['/where/name/in', 'VALIDATE_MAX_ITEMS'],
    ],
    ['a sort by what can not be sorted', ask({ sort: ['tags'] }), 422, 'VALIDATE_QUERY_FAILED', ['/sort/0', 'VALIDATE_NOT_SORTABLE']],
    ['the same sort key twice', ask({ sort: ['name', '-name'] }), 422, 'VALIDATE_QUERY_FAILED', ['/sort/1', 'VALIDATE_DUPLICATE']],
    ['a cursor that is none', ask({ after: 'first' }), 422, 'VALIDATE_CURSOR', ['/after', 'VALIDATE_CURSOR']],
    ['the cursor of another query', ask({ limit: 2, after: '{cursor}' }), 422, 'VALIDATE_CURSOR', ['/after', 'VALIDATE_CURSOR']],
    [
      'the cursor of another entity',
      ask({ limit: 1, after: '{cursor}' }, 'customer'),
      422,
      'VALIDATE_CURSOR',
      ['/after', 'VALIDATE_CURSOR'],
    ],
    [
      'a sum of what can not be summed',
      count({ measures: { n: { sum: 'name' } } }),
      422,
      'VALIDATE_QUERY_FAILED',
      ['/measures/n/sum', 'VALIDATE_NOT_MEASURABLE'],
    ],
    [
      'a group by what can not be grouped',
      count({ group_by: ['name'], measures: { n: { count: '*' } } }),
      422,
      'VALIDATE_QUERY_FAILED',
      ['/group_by/0', 'VALIDATE_NOT_GROUPABLE'],
    ],
  ]),
]

/** An entity whose formulas do harm, for the rows that need one. */
export const PROBE_DOCUMENTS: readonly Readonly<Record<string, unknown>>[] = [
  {
    kind: 'entity',
    key: 'probe',
    label: { en: 'Probe' },
    fields: [
      { key: 'name', type: 'text', label: { en: 'Name' }, required: true },
      {
        key: 'looping',
        type: 'formula',
        label: { en: 'Looping' },
        result: 'text',
        expression: "name = 'loop' ? ($f := function($n) { $f($n + 1) }; $f(1)) : 'sound'",
      },
      {
        key: 'bulging',
        type: 'formula',
        label: { en: 'Bulging' },
        result: 'text',
        expression: "name = 'bomb' ? $join($map([1..90000], function($n) { 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' })) : 'sound'",
      },
    ],
  },
  {
    kind: 'access_profile',
    extends: 'sales/sales_admin',
    entities: { probe: { operations: ['create', 'read'], fields: { '*': 'write' } } },
  },
]
