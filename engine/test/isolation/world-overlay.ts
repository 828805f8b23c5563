/**
 * What a tenant adds to its packs so that every kind of hiding is there: a hidden field with a rule, a hidden required field, a hidden unique
 * one, masks, two profiles that only together show something, a choice that hangs on what is hidden. Documents, and their publication.
 */
import type { BootedWorld } from './world-boot.ts'

const label = (en: string): { en: string } => ({ en })
const field = (key: string, type: string, rest: object = {}): object => ({ key, type, label: label(key), ...rest })

/** The overlay of both tenants. */
export const OVERLAY_DOCUMENTS: readonly object[] = [
  {
    kind: 'entity',
    key: 'dossier',
    label: label('Dossier'),
    plural_label: label('Dossiers'),
    title_field: 'heading',
    options: { owner: true, org_unit: true },
    fields: [
      field('heading', 'text', { required: true, max_length: 100, filterable: true, sortable: true, searchable: true }),
      field('subject', 'reference', { target: 'customer', inverse: 'dossiers', filterable: true }),
      field('grade', 'choice', {
        options: ['a', 'b', 'c'].map(value => ({ value, label: label(value) })),
        filterable: true,
        sortable: true,
      }),
      field('salary', 'money', { filterable: true, sortable: true }),
      field('twice', 'formula', { result: 'money', scale: 2, expression: 'salary * 2', filterable: true, sortable: true }),
      field('codeword', 'text', { max_length: 60, filterable: true, sortable: true, searchable: true }),
      field('iban', 'text', { max_length: 40, filterable: true, sortable: true, searchable: true }),
      field('clearance', 'choice', {
        options: ['low', 'high'].map(value => ({ value, label: label(value) })),
        required_when: { salary: { gt: '5000' } },
      }),
      field('remark', 'text', { max_length: 200, visible_when: { or: [{ salary: { is_null: true } }, { salary: { lt: '9000' } }] } }),
      field('witnesses', 'multi_reference', { target: 'user', inverse: 'witnessed', max_items: 9 }),
      field('labels', 'tags', { max_items: 9, filterable: true }),
    ],
    unique: [{ key: 'codeword', fields: ['codeword'] }],
    rules: [
      {
        key: 'salary_floor',
        field: 'salary',
        check: { or: [{ salary: { is_null: true } }, { salary: { gte: '100' } }] },
        message: label('The salary is at least 100.'),
        severity: 'error',
      },
      {
        key: 'grade_by_salary',
        field: 'clearance',
        when: { grade: { eq: 'c' } },
        check: { or: [{ salary: { is_null: true } }, { salary: { lte: '3000' } }] },
        message: label('Grade c earns at most 3000.'),
        severity: 'error',
      },
    ],
  },
  {
    kind: 'query_policy',
    key: 'dossier',
    entity: 'dossier',
    filter: Object.fromEntries(
      ['id', 'heading', 'subject', 'grade', 'salary', 'twice', 'codeword', 'iban', 'labels', 'owner_id', 'created_at'].map(key => [
        key,
        true,
      ]),
    ),
    sort: ['heading', 'grade', 'salary', 'twice', 'codeword', 'iban', 'created_at'],
    group: ['grade', 'subject', 'owner_id', 'codeword', 'iban'],
    measure: { salary: ['sum', 'avg', 'min', 'max'], twice: ['sum'] },
    search: ['heading', 'codeword', 'iban'],
    include: ['subject', 'witnesses', 'owner_id'],
  },
  profile('ward_admin', {
    operations: ['create', 'read', 'update', 'delete', 'restore', 'export'],
    fields: { '*': 'write', owner_id: 'write', org_unit_id: 'write' },
  }),
  profile('ward_writer', {
    operations: ['create', 'read', 'update', 'delete', 'export', 'reveal'],
    fields: {
      heading: 'write',
      subject: 'write',
      grade: 'write',
      remark: 'write',
      witnesses: 'write',
      labels: 'write',
      owner_id: 'write',
      iban: { mask: 'last4', reveal: true },
    },
    handover: true,
    rows: { create: { owner_id: { eq: '$user.id' } } },
    presets: { owner_id: '$user.id' },
  }),
  profile('ward_own', {
    operations: ['read'],
    rows: { read: { owner_id: { eq: '$user.id' } } },
    fields: { heading: 'read', salary: 'read', twice: 'read', codeword: 'read', created_at: 'read' },
  }),
  profile('ward_all', { operations: ['read'], fields: { heading: 'read', grade: 'read', iban: { mask: 'last4' } } }),
  {
    kind: 'role',
    key: 'warden',
    label: label('Warden'),
    capabilities: ['data.import', 'data.export'],
    access_profiles: ['core_directory', 'ward_writer'],
  },
  { kind: 'role', key: 'union', label: label('Union'), capabilities: [], access_profiles: ['core_directory', 'ward_own', 'ward_all'] },
  { kind: 'role', extends: 'core/admin', access_profiles: ['core_admin', 'sales_admin', 'ward_admin'] },
]

function profile(key: string, access: object): object {
  return { kind: 'access_profile', key, label: label(key), entities: { dossier: access } }
}

/** Makes the overlay the live revision of a tenant. */
export async function publishOverlay(world: BootedWorld, tenantId: string): Promise<void> {
  const { models, database } = world.wired
  await database.writeAs(tenantId, async connection => {
    const { revision, packs, numbers } = await models.content(connection)
    const { model, problems, numbers: extended } = models.assemble({ packs, overlay: OVERLAY_DOCUMENTS, numbers })
    if (model === null) throw new Error(JSON.stringify(problems, null, 1))
    await connection.execute({
      text: `insert into nexus.revision (tenant_id, revision, note, created_at, created_by, packs, overlay, numbers, diff) values ($1, $2, 'Overlay', now(), null, $3, $4, $5, '[]')`,
      values: [tenantId, revision + 1, JSON.stringify(packs), JSON.stringify(OVERLAY_DOCUMENTS), JSON.stringify(extended)],
    })
    await connection.execute({ text: 'update nexus.tenant set revision = $2 where id = $1', values: [tenantId, revision + 1] })
  })
  models.forget(tenantId)
}
