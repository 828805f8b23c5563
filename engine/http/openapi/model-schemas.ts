/**
 * Schemas of what describes a tenant's model to its callers: `/api/model`, forms, and what a draft would do. What is a predicate, a default or a
 * JSON Schema inside of them is left open: their own schemas say what they may be.
 */
import { type ComparisonKind, OPERATORS, OPERATORS_OF_KIND } from '../../../metadata/operators.ts'
import { LOCALES } from '../../kernel/context.ts'
import type { JsonSchema } from '../../kernel/schema.ts'
import { component, COUNT, objectOf, TEXT, TEXT_OR_NULL, TEXTS } from './operation-words.ts'

const FLAG: JsonSchema = { type: 'boolean' }
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
const oneOf = (names: readonly string[]): JsonSchema => ({ type: 'string', enum: [...names] })
const PREDICATE: JsonSchema = { type: 'object', description: 'A predicate of the query language.' }
const PREDICATE_OR_NULL: JsonSchema = { ...PREDICATE, type: ['object', 'null'] }
const LOCALE: JsonSchema = oneOf(LOCALES)
const COLOR = TEXT_OR_NULL
const KINDS = Object.keys(OPERATORS_OF_KIND) as readonly ComparisonKind[]
const SCALE: JsonSchema = { ...COUNT, description: 'Digits after the decimal point.' }

const option = objectOf({ value: TEXT, label: TEXT, color: COLOR, retired: { const: true } }, ['retired'])

/** What a field and a column on a link have in common. */
const ofAnyField = {
  key: TEXT,
  type: TEXT,
  kind: oneOf(KINDS),
  label: TEXT,
  right: { ...oneOf(['mask', 'read', 'create', 'write']), description: 'The most you may do with it, on some record at least.' },
  required: FLAG,
  filter: { ...listOf(oneOf(OPERATORS)), description: 'Operators your filters may use on it.' },
  widget: TEXT,
  options: listOf(component('ModelOption')),
  scale: SCALE,
}

const field = objectOf(
  {
    ...ofAnyField,
    help: TEXT_OR_NULL,
    system: { ...FLAG, description: 'Every record has it.' },
    computed: { ...FLAG, description: 'The engine writes it.' },
    heavy: { ...FLAG, description: 'Only in an answer when it is selected.' },
    sortable: FLAG,
    groupable: FLAG,
    measures: listOf(oneOf(['count', 'count_distinct', 'sum', 'avg', 'min', 'max'])),
    searchable: FLAG,
    target: { ...TEXT, description: 'The entity it points to.' },
    currency_field: { ...TEXT, description: 'The field that holds the currency of this amount.' },
    currency: TEXT,
    link_fields: listOf(component('ModelLinkField')),
    mask: { ...TEXT, description: 'How its value is masked for you.' },
    max_length: COUNT,
  },
  ['options', 'target', 'scale', 'currency_field', 'currency', 'link_fields', 'mask', 'max_length'],
)

const entity = objectOf({
  key: TEXT,
  label: TEXT,
  plural_label: TEXT,
  help: TEXT_OR_NULL,
  icon: TEXT_OR_NULL,
  title_field: { ...TEXT, description: 'The field by which you know its records apart.' },
  options: { type: 'object', additionalProperties: FLAG },
  operations: listOf(oneOf(['create', 'read', 'update', 'delete', 'export', 'restore'])),
  fields: listOf(component('ModelField')),
  relations: listOf(component('ModelRelation')),
  conversions: listOf(component('ModelConversion')),
  stages: listOf(component('ModelStages')),
  searchable: FLAG,
  caps: objectOf({
    max_page_size: COUNT,
    max_filters: COUNT,
    max_depth: COUNT,
    max_includes: COUNT,
    max_rows: COUNT,
    max_groups: COUNT,
    bulk_operations: COUNT,
    export_rows: COUNT,
  }),
})

const conversionStep = objectOf({
  as: TEXT,
  entity: TEXT,
  label: TEXT,
  when: PREDICATE_OR_NULL,
  values: { type: 'object', description: 'What the record begins with; `$record.<field>` is a value of the converted one.' },
})

const view = objectOf(
  {
    key: TEXT,
    entity: TEXT,
    type: oneOf(['list', 'board', 'calendar']),
    label: TEXT,
    icon: TEXT_OR_NULL,
    help: TEXT_OR_NULL,
    columns: TEXTS,
    where: PREDICATE_OR_NULL,
    sort: TEXTS,
    default: FLAG,
    group_by: TEXT_OR_NULL,
    date_field: TEXT_OR_NULL,
    sum_field: TEXT_OR_NULL,
    end_field: TEXT_OR_NULL,
    color_field: TEXT_OR_NULL,
    page_size: COUNT,
  },
  ['sum_field', 'end_field', 'color_field', 'page_size'],
)

const item = objectOf({ key: TEXT, label: TEXT, icon: TEXT_OR_NULL, entity: TEXT, view: TEXT_OR_NULL })
const group = objectOf({ key: TEXT, label: TEXT, icon: TEXT_OR_NULL, items: listOf(item) })

const sample: JsonSchema = { type: 'object', description: 'A record as you may see it: id, version, title, the value in question.' }
const place = { entity: TEXT, field: TEXT_OR_NULL }
const impact = objectOf({
  records: {
    ...listOf(
      objectOf({
        ...place,
        rule: TEXT_OR_NULL,
        code: TEXT,
        message: TEXT,
        count: COUNT,
        count_kind: oneOf(['exact', 'at_least']),
        samples: listOf(sample),
      }),
    ),
    description: 'Records that would not be accepted as they are.',
  },
  conversions: {
    ...listOf(objectOf({ entity: TEXT, field: TEXT, from: TEXT, to: TEXT, values: COUNT, lost: COUNT, samples: listOf(sample) })),
    description: 'Values that are converted to another type, and how many of them can not be.',
  },
  copies: {
    ...listOf(objectOf({ entity: TEXT, field: TEXT, values: COUNT, written_over: COUNT, samples: listOf(sample) })),
    description:
      'Values of copying fields that are made anew; `written_over` of them are not what the field would copy today: somebody wrote over the copy, or its source has changed since. They are lost.',
  },
  removals: {
    ...listOf(objectOf({ ...place, records: { type: ['integer', 'null'] }, kept_days: { type: ['integer', 'null'] } })),
    description: 'What goes away, with the records that have a value there; null where you do not see all of them.',
  },
  storage: {
    ...listOf(
      objectOf({ entity: TEXT, fields: TEXTS, rows: { type: ['integer', 'null'], minimum: 0 }, background: { type: ['boolean', 'null'] } }),
    ),
    description: 'What is filled anew, at once or in the background; without numbers where you do not see all records.',
  },
  unseen: { ...TEXTS, description: 'Entities whose records were not looked at because you do not see all of them.' },
})

/** By component name. */
export const MODEL_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  ModelOption: option,
  ModelLinkField: objectOf({ ...ofAnyField, operators: listOf(oneOf(OPERATORS)) }, ['options', 'scale']),
  ModelField: field,
  ModelRelation: objectOf({ key: TEXT, label: TEXT, target: TEXT, kind: oneOf(['inverse', 'table', 'links']) }),
  ModelConversion: objectOf({ key: TEXT, label: TEXT, when: PREDICATE_OR_NULL, steps: listOf(conversionStep) }),
  ModelStages: objectOf({ key: TEXT, label: TEXT, field: TEXT, when: PREDICATE_OR_NULL, states: TEXTS }),
  ModelEntity: entity,
  ModelView: view,
  Model: {
    ...objectOf({
      revision: COUNT,
      tenant: objectOf({ key: TEXT, name: TEXT, currency: TEXT, time_zone: TEXT, week_start: { type: 'integer', minimum: 1, maximum: 7 } }),
      locale: LOCALE,
      locales: listOf(LOCALE),
      entities: listOf(component('ModelEntity')),
      views: listOf(component('ModelView')),
      navigation: listOf(objectOf({ key: TEXT, label: TEXT_OR_NULL, groups: listOf(group) })),
    }),
    description: 'Entities, fields, relations, views and menus that exist for you, in your language.',
  },
  Form: {
    ...objectOf({
      schema: { type: 'object', description: 'A JSON Schema (draft-07) of what the form sends.' },
      ui_schema: { type: 'object', description: 'Hints how to draw it, as react-jsonschema-form reads them.' },
      rules: listOf(
        objectOf({ field: TEXT, visible_when: PREDICATE, required_when: PREDICATE, read_only_when: PREDICATE }, [
          'visible_when',
          'required_when',
          'read_only_when',
        ]),
      ),
    }),
    description: 'What a form is made of: its schema, how to draw it, and conditions.',
  },
  Checked: {
    ...objectOf({
      problems: listOf(component('FieldProblem')),
      notes: { ...listOf(component('FieldProblem')), description: 'Permitted, but worth seeing.' },
      impact: { anyOf: [impact, { type: 'null' }], description: 'Null while the draft does not hold together.' },
    }),
    description: 'What is wrong with the draft, and what publishing it would do.',
  },
}
