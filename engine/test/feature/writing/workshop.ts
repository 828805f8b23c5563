/**
 * A workshop's documents over the sales pack: one small example of everything a write has to keep.
 * Firms have jobs, jobs have lines of parts; places form a tree; visits go where their job goes.
 */
import type { Json, Sales } from '../../harness/sales.ts'
import { administer } from '../../../platform/server-admin.ts'

const en = (text: string): { en: string } => ({ en: text })
const option = (value: string, more: object = {}): object => ({ value, label: en(value), ...more })
const everything = ['create', 'read', 'update', 'delete', 'restore', 'export']

const firm = {
  kind: 'entity',
  key: 'firm',
  label: en('Firm'),
  title_field: 'name',
  fields: [
    { key: 'name', type: 'text', required: true, max_length: 100, searchable: true },
    { key: 'region', type: 'choice', options: [option('north'), option('south')], default: 'north' },
    { key: 'active', type: 'boolean', default: true },
    { key: 'secret_code', type: 'text', max_length: 40 },
    { key: 'code', type: 'text', pattern: '[A-Z]{2}[0-9]{2}' },
    { key: 'email', type: 'email' },
    { key: 'phone', type: 'phone' },
    { key: 'website', type: 'url' },
    { key: 'opened_at', type: 'datetime' },
    { key: 'job_count', type: 'rollup', relation: 'jobs', function: 'count', discloses_hidden_rows: true },
    { key: 'job_value', type: 'rollup', relation: 'jobs', function: 'sum', field: 'value', discloses_hidden_rows: true },
    { key: 'rank', type: 'formula', result: 'integer', expression: 'job_count * 10' },
    { key: 'praise', type: 'formula', result: 'text', expression: '$uppercase(name) & " (" & $string(job_count) & ")"' },
  ],
  unique: [
    { key: 'name', fields: ['name'] },
    { key: 'secret_code', fields: ['secret_code'] },
  ],
}

const part = {
  kind: 'entity',
  key: 'part',
  label: en('Part'),
  title_field: 'name',
  options: { owner: false, org_unit: false },
  fields: [
    { key: 'name', type: 'text', required: true, max_length: 100 },
    { key: 'kind', type: 'choice', options: [option('good'), option('service')], default: 'good' },
    { key: 'price', type: 'money', scale: 2, minimum: '0' },
    { key: 'grade', type: 'choice', options: [option('fine'), option('coarse'), option('rough', { retired: true })], default: 'fine' },
    { key: 'uses', type: 'multi_choice', options: [option('inside'), option('outside'), option('attic', { retired: true })] },
  ],
}

const place = {
  kind: 'entity',
  key: 'place',
  label: en('Place'),
  title_field: 'name',
  options: { owner: false, org_unit: false },
  fields: [
    { key: 'name', type: 'text', required: true, max_length: 60 },
    { key: 'parent', type: 'parent', on_delete: 'restrict', max_depth: 4, filterable: true },
    { key: 'near', type: 'reference', target: 'place', inverse: 'neighbours', on_delete: 'set_null', filterable: true },
  ],
}

const job = {
  kind: 'entity',
  key: 'job',
  label: en('Job'),
  title_field: 'title',
  fields: [
    { key: 'number', type: 'autonumber', template: 'J-{yyyy}-{seq:4}' },
    { key: 'slip', type: 'autonumber', template: 'S-{seq}', gapless: true, searchable: true },
    { key: 'slip_text', type: 'formula', result: 'text', expression: '"slip " & slip' },
    { key: 'title', type: 'text', required: true, max_length: 80, searchable: true },
    { key: 'process', type: 'choice', options: [option('plan'), option('quick')], default: 'plan' },
    {
      key: 'stage',
      type: 'choice',
      label: en('Stage'),
      options: [
        option('draft'),
        option('offered', { label: en('Offered') }),
        option('agreed', { label: en('Agreed') }),
        option('done'),
        option('dropped'),
      ],
      default: 'draft',
    },
    { key: 'firm', type: 'reference', target: 'firm', inverse: 'jobs', on_delete: 'restrict', filter: { active: { eq: true } } },
    { key: 'firm_region', type: 'lookup', reference: 'firm', field: 'region', mode: 'copied' },
    { key: 'firm_name', type: 'lookup', reference: 'firm', field: 'name', mode: 'live' },
    { key: 'wanted_kind', type: 'choice', options: [option('good'), option('service')] },
    { key: 'main_part', type: 'reference', target: 'part', on_delete: 'set_null', filter: { kind: { eq: '$record.wanted_kind' } } },
    { key: 'main_price', type: 'lookup', reference: 'main_part', field: 'price', mode: 'copied', overridable: true },
    { key: 'double_price', type: 'formula', result: 'money', expression: 'main_price * 2' },
    { key: 'place', type: 'reference', target: 'place', on_delete: 'restrict', filterable: true },
    { key: 'currency', type: 'text', max_length: 3, min_length: 3 },
    {
      key: 'value',
      type: 'money',
      currency_field: 'currency',
      rate_date_field: 'starts_on',
      minimum: '0',
      filterable: true,
      sortable: true,
    },
    { key: 'hours', type: 'integer', minimum: 0, maximum: 1000 },
    { key: 'starts_on', type: 'date' },
    { key: 'ends_on', type: 'date' },
    { key: 'discount', type: 'percent', minimum: '0', maximum: '100' },
    {
      key: 'reason',
      type: 'text',
      max_length: 100,
      visible_when: { stage: { eq: 'dropped' } },
      required_when: { stage: { eq: 'dropped' }, process: { eq: 'plan' } },
    },
    { key: 'note', type: 'long_text', read_only_when: { stage: { in: ['done', 'dropped'] } } },
    { key: 'tags', type: 'tags', filterable: true },
    { key: 'address', type: 'address' },
    { key: 'contact_name', type: 'person_name' },
    { key: 'extra', type: 'json' },
    {
      key: 'parts',
      type: 'multi_reference',
      target: 'part',
      inverse: 'used_in',
      max_items: 10,
      link_fields: [
        { key: 'amount', type: 'integer', minimum: 1 },
        { key: 'spare', type: 'boolean' },
      ],
    },
    { key: 'crew', type: 'multi_reference', target: 'user', inverse: 'crew_jobs' },
    { key: 'lines', type: 'table', target: 'job_line', target_field: 'job', max_items: 20 },
    { key: 'total', type: 'rollup', relation: 'lines', function: 'sum', field: 'total', discloses_hidden_rows: true },
    { key: 'line_count', type: 'rollup', relation: 'lines', function: 'count', discloses_hidden_rows: true },
    { key: 'open_count', type: 'rollup', relation: 'lines', function: 'count', where: { done: { ne: true } }, discloses_hidden_rows: true },
    { key: 'first_on', type: 'rollup', relation: 'lines', function: 'min', field: 'due_on', discloses_hidden_rows: true },
    { key: 'dearest', type: 'rollup', relation: 'lines', function: 'max', field: 'total', discloses_hidden_rows: true },
    { key: 'gross', type: 'formula', result: 'decimal', scale: 3, expression: 'total * 1.2' },
  ],
  unique: [
    { key: 'title_at_firm', fields: ['firm', 'title'], when: { stage: { ne: 'dropped' } }, message: en('This firm has such a job.') },
  ],
  rules: [
    {
      key: 'discount_cap',
      field: 'discount',
      check: { or: [{ discount: { is_null: true } }, { discount: { lte: '30' } }] },
      message: en('Discounts end at 30 %.'),
    },
    {
      key: 'discount_high',
      field: 'discount',
      check: { or: [{ discount: { is_null: true } }, { discount: { lte: '20' } }] },
      message: en('That is much.'),
      severity: 'warning',
    },
    {
      key: 'days',
      field: 'ends_on',
      when: { starts_on: { is_null: false }, ends_on: { is_null: false } },
      check: { ends_on: { gte: '$record.starts_on' } },
      message: en('It ends before it begins.'),
    },
    {
      key: 'title_stays',
      field: 'title',
      when: { stage: { eq: 'done' } },
      check: { title: { changed: false } },
      message: en('The title of a finished job stays.'),
    },
    {
      key: 'south_is_dear',
      field: 'value',
      when: { firm: { region: { eq: 'south' } } },
      check: { value: { gte: '100' } },
      message: en('Jobs in the south cost 100 at least.'),
    },
    {
      key: 'long_jobs_are_tagged',
      field: 'hours',
      check: { or: [{ hours: { is_null: true } }, { hours: { lt: 500 } }, { tags: { is_null: false } }] },
      message: en('Jobs of 500 hours have a tag.'),
    },
    {
      key: 'one_big_line',
      check: { lines: { none: { total: { gt: '$record.hours' } } } },
      message: en('A line is dearer than there are hours.'),
      severity: 'warning',
    },
    {
      key: 'firm_without_code',
      when: { firm: { secret_code: { starts_with: 'late' } } },
      check: { firm: { region: { eq: 'north' } } },
      message: en('Firms of this kind pay late.'),
      severity: 'warning',
    },
    {
      key: 'quiet_firms',
      check: { firm: { active: { ne: false } } },
      message: en('The firm is asleep.'),
      severity: 'warning',
    },
  ],
  stages: [
    {
      key: 'plan',
      when: { process: { eq: 'plan' } },
      field: 'stage',
      states: ['draft', 'offered', 'agreed', 'done', 'dropped'],
      initial: ['draft', 'offered'],
      transitions: [
        { from: ['draft'], to: 'offered', require: ['firm', 'value'] },
        { from: ['offered'], to: 'agreed', check: { value: { gt: '0' } }, message: en('An agreed job has a value.') },
        { from: ['agreed'], to: 'done' },
        { from: ['draft', 'offered', 'agreed'], to: 'dropped' },
        { from: ['dropped'], to: 'draft' },
      ],
    },
    {
      key: 'quick',
      when: { process: { eq: 'quick' } },
      field: 'stage',
      states: ['draft', 'agreed', 'done', 'dropped'],
      transitions: [
        { from: ['draft'], to: 'agreed' },
        { from: ['agreed'], to: 'done' },
        { from: ['draft'], to: 'dropped' },
      ],
    },
  ],
}

const jobLine = {
  kind: 'entity',
  key: 'job_line',
  label: en('Job line'),
  title_field: 'what',
  options: { owner: false, org_unit: false },
  fields: [
    { key: 'job', type: 'reference', target: 'job', required: true, on_delete: 'cascade', filterable: true },
    { key: 'what', type: 'text', required: true, max_length: 100 },
    { key: 'part', type: 'reference', target: 'part', on_delete: 'restrict' },
    { key: 'quantity', type: 'decimal', scale: 3, default: '1', minimum: '0' },
    { key: 'price', type: 'lookup', reference: 'part', field: 'price', mode: 'copied', overridable: true },
    { key: 'currency', type: 'lookup', reference: 'job', field: 'currency', mode: 'copied' },
    { key: 'total', type: 'formula', result: 'money', currency_field: 'currency', expression: 'quantity * price', filterable: true },
    { key: 'done', type: 'boolean', default: false },
    { key: 'due_on', type: 'date' },
  ],
}

const visit = {
  kind: 'entity',
  key: 'visit',
  label: en('Visit'),
  title_field: 'topic',
  fields: [
    { key: 'topic', type: 'text', required: true },
    { key: 'job', type: 'reference', target: 'job', on_delete: 'cascade', inverse: 'visits', filterable: true },
    { key: 'follow_up', type: 'reference', target: 'visit', on_delete: 'set_null', inverse: 'followed' },
  ],
}

const all = { operations: everything, fields: { '*': 'write', owner_id: 'write', org_unit_id: 'write' } }

const profiles = [
  {
    kind: 'access_profile',
    key: 'workshop_all',
    label: en('Workshop'),
    entities: { firm: all, part: all, place: all, job: all, job_line: all, visit: all },
  },
  {
    kind: 'access_profile',
    key: 'maker',
    label: en('Maker'),
    entities: {
      firm: {
        operations: ['create', 'read', 'update'],
        rows: { read: { active: { eq: true } } },
        fields: { '*': 'write', secret_code: 'none' },
      },
      part: { operations: ['read'], fields: { '*': 'read' } },
      job: {
        operations: ['create', 'read', 'update'],
        rows: { read: { org_unit_id: { within: '$user.org_unit_id' } }, update: { owner_id: { eq: '$user.id' } } },
        fields: { '*': 'write', value: 'create', hours: 'none', owner_id: 'write' },
        check: { or: [{ discount: { is_null: true } }, { discount: { lte: '15' } }] },
        presets: { discount: '5', owner_id: '$user.id' },
      },
      job_line: { operations: ['read'], fields: { '*': 'read' } },
    },
  },
  {
    kind: 'access_profile',
    key: 'passer',
    label: en('Passes jobs on'),
    entities: {
      job: {
        operations: ['create', 'read', 'update'],
        rows: {
          read: { owner_id: { eq: '$user.id' } },
          update: { owner_id: { eq: '$user.id' } },
          create: { title: { starts_with: 'Pass' } },
        },
        handover: true,
        fields: { title: 'write', owner_id: 'write' },
      },
    },
  },
  {
    kind: 'access_profile',
    key: 'planner',
    label: en('Plans all jobs'),
    entities: { job: { operations: ['read', 'update'], fields: { title: 'read', starts_on: 'write', ends_on: 'write' } } },
  },
]

const roles = ['workshop_all', 'maker', 'passer', 'planner'].map(key => ({
  kind: 'role',
  key: `${key}_role`,
  label: en(key),
  capabilities: [],
  access_profiles: [key, key === 'workshop_all' ? 'core_admin' : 'core_directory'],
}))

// Nobody gives more than he holds himself.
const administrator = {
  kind: 'role',
  extends: 'core/admin',
  access_profiles: ['core_admin', 'sales_admin', ...profiles.map(each => each.key)],
}

/** All of it, to be put over the sales pack. */
const jobQueries = { kind: 'query_policy', key: 'job', entity: 'job', filter: { value: true } }

export const WORKSHOP: readonly object[] = [administrator, firm, part, place, job, jobLine, visit, jobQueries, ...profiles, ...roles]

/** Fields of an answered record, by name. */
export type Fields = Readonly<Record<string, Json>>

/** What an answer complains of: pairs of place and code. */
export function complaints(answer: { readonly json: Json }): [string, string][] {
  return ((answer.json.errors ?? []) as { pointer: string; code: string }[]).map(each => [each.pointer, each.code])
}

/** Keeps a record's row locked by a transaction of the test's own, so that what comes meanwhile waits in the order in which it came. */
export async function holdBack(sales: Sales, id: string): Promise<{ waiting(count: number): Promise<void>; release(): Promise<void> }> {
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = administer(sales.adminUrl, async client => {
    await client.query('begin')
    await client.query('select 1 from nexus.record where id = $1 for update', [id])
    locked.resolve()
    await released.promise
    await client.query('commit')
  })
  await Promise.race([locked.promise, holding])
  return {
    async waiting(count) {
      const waits = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      while ((await sales.peek(waits))[0].n < count) await new Promise(done => setTimeout(done, 20))
    },
    release: () => {
      released.resolve()
      return holding
    },
  }
}
