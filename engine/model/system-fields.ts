/** The fields every record has (contracts §1), declared like fields of an entity. Knows no entity in particular. */
import type { Field, Labels } from '../../metadata/generated/types.ts'
import type { SystemColumn } from './types.ts'

/** Keys of the system entities the engine itself refers to. */
export const USER_ENTITY = 'user'
export const ORG_UNIT_ENTITY = 'org_unit'
export const EXCHANGE_RATE_ENTITY = 'exchange_rate'

const label = (en: string, ru: string, uk: string, es: string): Labels => ({ en, ru, uk, es })

/** Declarations in display order; `id` and `version` are readable wherever the row is, the others by the profile. */
export const SYSTEM_FIELDS: readonly { readonly key: SystemColumn; readonly definition: Field; readonly target: string | null }[] = [
  {
    key: 'id',
    target: null,
    definition: {
      key: 'id',
      type: 'text',
      label: label('Id', 'Идентификатор', 'Ідентифікатор', 'Identificador'),
      filterable: true,
      sortable: true,
    },
  },
  { key: 'version', target: null, definition: { key: 'version', type: 'integer', label: label('Version', 'Версия', 'Версія', 'Versión') } },
  {
    key: 'owner_id',
    target: USER_ENTITY,
    definition: {
      key: 'owner_id',
      type: 'user',
      label: label('Owner', 'Ответственный', 'Відповідальний', 'Responsable'),
      filterable: true,
    },
  },
  {
    key: 'org_unit_id',
    target: ORG_UNIT_ENTITY,
    definition: {
      key: 'org_unit_id',
      type: 'reference',
      target: ORG_UNIT_ENTITY,
      label: label('Unit', 'Подразделение', 'Підрозділ', 'Unidad'),
      filterable: true,
    },
  },
  {
    key: 'created_at',
    target: null,
    definition: {
      key: 'created_at',
      type: 'datetime',
      label: label('Created', 'Создано', 'Створено', 'Creado'),
      filterable: true,
      sortable: true,
    },
  },
  {
    key: 'created_by',
    target: USER_ENTITY,
    definition: {
      key: 'created_by',
      type: 'user',
      label: label('Created by', 'Кем создано', 'Ким створено', 'Creado por'),
      filterable: true,
    },
  },
  {
    key: 'updated_at',
    target: null,
    definition: {
      key: 'updated_at',
      type: 'datetime',
      label: label('Changed', 'Изменено', 'Змінено', 'Modificado'),
      filterable: true,
      sortable: true,
    },
  },
  {
    key: 'updated_by',
    target: USER_ENTITY,
    definition: {
      key: 'updated_by',
      type: 'user',
      label: label('Changed by', 'Кем изменено', 'Ким змінено', 'Modificado por'),
      filterable: true,
    },
  },
  {
    key: 'deleted_at',
    target: null,
    definition: {
      key: 'deleted_at',
      type: 'datetime',
      label: label('Deleted', 'Удалено', 'Видалено', 'Eliminado'),
      filterable: true,
      sortable: true,
    },
  },
]
