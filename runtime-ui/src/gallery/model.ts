/** The model that the gallery shows: deals, customers, people; in English and Russian. Gallery data only. */
import { OPERATORS_OF_KIND, type ComparisonKind } from '../../../metadata/operators.ts'
import type { FormAnswer, FormSchema, FormUi, Model, ModelEntity, ModelField, ModelOption } from '../api/model.ts'

type Label = readonly [en: string, ru: string]

/** Says a label in the language of the gallery. */
export type Say = (label: Label) => string

function field(say: Say, key: string, type: string, kind: ComparisonKind, label: Label, more: Partial<ModelField> = {}): ModelField {
  return {
    key,
    type,
    kind,
    label: say(label),
    right: 'write',
    filter: OPERATORS_OF_KIND[kind].filter(operator => !operator.startsWith('changed')),
    sortable: kind !== 'id' && kind !== 'list' && kind !== 'presence',
    widget: type,
    ...more,
  }
}

function options(say: Say, ...all: readonly (readonly [value: string, color: string, en: string, ru: string])[]): ModelOption[] {
  return all.map(([value, color, en, ru]) => ({ value, color, label: say([en, ru]) }))
}

function dealOf(say: Say): ModelEntity {
  const stages = options(
    say,
    ['lead', 'gray', 'Lead', 'Обращение'],
    ['qualified', 'blue', 'Qualified', 'Квалификация'],
    ['proposal', 'indigo', 'Proposal', 'Предложение'],
    ['negotiation', 'violet', 'Negotiation', 'Переговоры'],
    ['won', 'green', 'Won', 'Выиграна'],
    ['lost', 'red', 'Lost', 'Проиграна'],
  )
  const sources = options(
    say,
    ['website', 'cyan', 'Website', 'Сайт'],
    ['referral', 'teal', 'Referral', 'Рекомендация'],
    ['fair', 'orange', 'Trade fair', 'Выставка'],
  )
  return {
    key: 'deal',
    label: say(['Deal', 'Сделка']),
    plural_label: say(['Deals', 'Сделки']),
    icon: 'briefcase',
    title_field: 'name',
    operations: ['create', 'read', 'update', 'delete', 'restore'],
    searchable: true,
    fields: [
      field(say, 'name', 'text', 'text', ['Name', 'Название'], { required: true }),
      field(say, 'customer', 'reference', 'id', ['Customer', 'Клиент'], { target: 'customer' }),
      field(say, 'stage', 'choice', 'choice', ['Stage', 'Стадия'], { options: stages, groupable: true, required: true }),
      field(say, 'amount', 'money', 'decimal', ['Amount', 'Сумма'], { currency_field: 'currency', scale: 2, measures: ['sum'] }),
      field(say, 'probability', 'percent', 'decimal', ['Probability', 'Вероятность'], { scale: 0 }),
      field(say, 'expected_close_on', 'date', 'date', ['Expected close', 'Ожидаемое закрытие']),
      field(say, 'source', 'choice', 'choice', ['Source', 'Источник'], { options: sources }),
      field(say, 'tags', 'tags', 'list', ['Tags', 'Метки']),
      field(say, 'priority', 'boolean', 'boolean', ['Priority', 'Приоритет']),
      field(say, 'tax_number', 'text', 'text', ['Tax number', 'ИНН'], { right: 'mask', mask: 'last4' }),
      field(say, 'signed_by', 'person_name', 'presence', ['Signed by', 'Подписал']),
      field(say, 'delivery', 'address', 'presence', ['Delivery address', 'Адрес доставки']),
      field(say, 'next_call', 'datetime', 'datetime', ['Next call', 'Следующий звонок']),
      field(say, 'team', 'multi_reference', 'list', ['Team', 'Команда'], { target: 'user' }),
      field(say, 'line_items', 'table', 'presence', ['Line items', 'Позиции'], { target: 'deal_line' }),
      field(say, 'description', 'long_text', 'text', ['Description', 'Описание']),
      field(say, 'currency', 'text', 'text', ['Currency', 'Валюта']),
      field(say, 'owner_id', 'user', 'id', ['Owner', 'Ответственный'], { target: 'user', system: true, right: 'read' }),
      field(say, 'created_at', 'datetime', 'datetime', ['Created', 'Создано'], { system: true, right: 'read' }),
      field(say, 'created_by', 'user', 'id', ['Created by', 'Кем создано'], { target: 'user', system: true, right: 'read' }),
    ],
    relations: [
      { key: 'line_items', label: say(['Line items', 'Позиции']), target: 'deal_line', kind: 'table' },
      { key: 'tasks', label: say(['Tasks', 'Задачи']), target: 'user', kind: 'inverse' },
    ],
  }
}

function named(say: Say, key: string, label: Label, plural: Label, icon: string, more: readonly ModelField[] = []): ModelEntity {
  return {
    key,
    label: say(label),
    plural_label: say(plural),
    icon,
    title_field: 'name',
    operations: ['create', 'read', 'update'],
    fields: [field(say, 'name', 'text', 'text', ['Name', 'Название'], { required: true }), ...more],
    relations: [],
  }
}

/** The model in a language. */
export function galleryModel(locale: string): Model {
  const say: Say = ([en, ru]) => (locale === 'ru' ? ru : en)
  const line = named(say, 'deal_line', ['Line', 'Позиция'], ['Lines', 'Позиции'], 'list', [
    field(say, 'quantity', 'decimal', 'decimal', ['Quantity', 'Количество']),
    field(say, 'unit_price', 'money', 'decimal', ['Unit price', 'Цена'], { scale: 2 }),
    field(say, 'total', 'money', 'decimal', ['Total', 'Итого'], { scale: 2, right: 'read' }),
  ])
  return {
    revision: 1,
    tenant: { key: 'demo', name: 'Meridian Trade', currency: 'EUR', time_zone: 'Europe/Berlin', week_start: 1 },
    locale,
    locales: ['en', 'ru'],
    entities: [
      dealOf(say),
      named(say, 'customer', ['Customer', 'Клиент'], ['Customers', 'Клиенты'], 'building'),
      named(say, 'user', ['Person', 'Сотрудник'], ['People', 'Сотрудники'], 'users'),
      line,
    ],
    views: [
      {
        key: 'all',
        entity: 'deal',
        type: 'list',
        label: say(['All deals', 'Все сделки']),
        columns: ['name', 'customer.name', 'stage', 'amount', 'probability', 'expected_close_on', 'priority', 'owner_id.name'],
        sort: ['-amount'],
      },
      {
        key: 'board',
        entity: 'deal',
        type: 'board',
        label: say(['Board', 'Доска']),
        columns: ['name', 'customer.name', 'amount', 'expected_close_on'],
        group_by: 'stage',
        sum_field: 'amount',
      },
      {
        key: 'closings',
        entity: 'deal',
        type: 'calendar',
        label: say(['Closings', 'Закрытия']),
        columns: ['name', 'customer.name', 'amount'],
        date_field: 'expected_close_on',
        color_field: 'stage',
      },
    ],
    navigation: [
      {
        key: 'main',
        groups: [
          {
            key: 'sales',
            label: say(['Sales', 'Продажи']),
            items: [
              { label: say(['Deals', 'Сделки']), entity: 'deal', view: 'all' },
              { label: say(['Customers', 'Клиенты']), entity: 'customer' },
            ],
          },
          { key: 'company', label: say(['Company', 'Компания']), items: [{ label: say(['People', 'Сотрудники']), entity: 'user' }] },
        ],
      },
    ],
  }
}

const TEXT: FormSchema = { type: 'string', minLength: 1, maxLength: 200 }
const DECIMAL: FormSchema = { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$', 'x-scale': 2, 'x-minimum': '0' }
const SCHEMAS: Readonly<Record<string, FormSchema>> = {
  money: DECIMAL,
  percent: { ...DECIMAL, 'x-maximum': '100' },
  decimal: DECIMAL,
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', format: 'date-time' },
  boolean: { type: 'boolean' },
  tags: { type: 'array', items: TEXT, uniqueItems: true },
  multi_reference: { type: 'array', items: TEXT },
}
const PARTS: Readonly<Record<string, readonly string[]>> = {
  address: ['line1', 'postal_code', 'city', 'country'],
  person_name: ['given', 'family'],
}

function schemaOf(field: ModelField): FormSchema {
  const parts = PARTS[field.type]
  if (!parts) return SCHEMAS[field.type] ?? TEXT
  return { type: 'object', properties: Object.fromEntries(parts.map(part => [part, TEXT])) }
}

function uiOf(field: ModelField): FormUi {
  return {
    'ui:widget': field.type,
    'ui:options': {
      options: field.options ?? undefined,
      target: field.target ?? undefined,
      currency_field: field.currency_field ?? undefined,
    },
  }
}

/** The form of deals, as the engine would answer it. */
export function galleryForm(model: Model, locale: string): FormAnswer {
  const say: Say = ([en, ru]) => (locale === 'ru' ? ru : en)
  const [deal, , , line] = model.entities
  const written = (deal?.fields ?? []).filter(each => !each.system && each.right === 'write')
  const cells = (line?.fields ?? []).filter(each => each.right === 'write')
  const propertyOf = (each: ModelField): FormSchema => ({ ...schemaOf(each), title: each.label })
  const table: FormSchema = {
    type: 'array',
    items: { type: 'object', required: ['name'], properties: Object.fromEntries(cells.map(each => [each.key, propertyOf(each)])) },
  }
  return {
    schema: {
      type: 'object',
      required: ['name', 'stage'],
      properties: Object.fromEntries(
        written.map(each => [each.key, { ...(each.type === 'table' ? table : schemaOf(each)), title: each.label }]),
      ),
    },
    ui_schema: {
      'ui:options': {
        sections: [
          { label: say(['Deal', 'Сделка']), columns: 2, fields: ['name', 'customer', 'stage', 'source', 'priority', 'tags'] },
          { label: say(['Value', 'Сумма']), columns: 3, fields: ['amount', 'currency', 'probability'] },
          { label: say(['Line items', 'Позиции']), columns: 1, fields: ['line_items'] },
          {
            label: say(['Dates and people', 'Даты и люди']),
            columns: 2,
            fields: ['expected_close_on', 'next_call', 'signed_by', 'team', { field: 'delivery', width: 2 }],
          },
          { label: say(['Description', 'Описание']), columns: 2, fields: [{ field: 'description', width: 2 }] },
        ],
      },
      ...Object.fromEntries(
        written.map(each => [
          each.key,
          {
            ...uiOf(each),
            ...(each.key === 'currency'
              ? { 'ui:help': say(['Left empty, the workspace’s currency counts.', 'Если не указана, действует основная валюта.']) }
              : {}),
          },
        ]),
      ),
      line_items: {
        ...uiOf({ ...(written[0] as ModelField), type: 'table' }),
        items: Object.fromEntries(cells.map(each => [each.key, uiOf(each)])),
      },
    },
    rules: [{ field: 'source', visible_when: { stage: { ne: 'lost' } } }],
  }
}
