// Answers for: access profiles and roles name what is there, and grant what can be granted.
// It must not decide access.

import type { AccessProfile, EntityAccess, Field, FieldRight, MaskRight, Role } from '../generated/types.ts'
import { analyseFormula } from '../formula.ts'
import { pointerOf } from '../problem.ts'
import { words } from '../said.ts'
import { isComputed } from './facts.ts'
import type { Reporter } from './findings.ts'

/** Checks one access profile. */
export function checkProfile(profile: AccessProfile, report: Reporter): void {
  for (const [key, access] of Object.entries(profile.entities)) {
    const pointer = pointerOf('entities', key)
    if (!report.hasEntity(key, pointer)) continue
    checkRows(key, access, pointer, report)
    for (const [name, right] of Object.entries(access.fields)) {
      const place = pointer + pointerOf('fields', name)
      if (name === '*') checkDefaultRight(right, place, report)
      else if (report.hasField(key, name, place)) checkRight(profile, key, name, right, place, report)
    }
    report.predicate(access.check, key, `${pointer}/check`, { changes: true })
    for (const name of Object.keys(access.presets ?? {})) {
      const place = pointer + pointerOf('presets', name)
      const field = report.facts.field(key, name)
      if (report.hasField(key, name, place) && (field === undefined ? !isSettableSystemField(name) : isComputed(field)))
        report.problem('MODEL_NOT_WRITABLE', place, words('“{name}” can not be set by anybody.', { name }))
    }
  }
}

function isSettableSystemField(name: string): boolean {
  return name === 'owner_id' || name === 'org_unit_id'
}

function checkRows(entity: string, access: EntityAccess, pointer: string, report: Reporter): void {
  for (const [operation, rule] of Object.entries(access.rows ?? {})) {
    const place = pointer + pointerOf('rows', operation)
    const implied = operation === 'read' && access.operations.some(each => each !== 'create')
    if (!implied && !access.operations.some(each => each === operation))
      report.problem(
        'MODEL_ROWS_WITHOUT_OPERATION',
        place,
        words('There is a row rule for “{operation}”, which is not among the operations.', { operation }),
        {
          hint: words('Add "{operation}" to "operations", or drop the rule.', { operation }),
        },
      )
    report.predicate(rule, entity, place, { changes: operation === 'update' })
  }
}

function checkDefaultRight(right: FieldRight, pointer: string, report: Reporter): void {
  if (typeof right === 'object' && right.mask !== 'hash')
    report.problem('MODEL_MASK', pointer, words('The mask “{mask}” does not fit every type of field.', { mask: right.mask }), {
      hint: words('Name the fields, or use "hash".'),
    })
}

function checkRight(profile: AccessProfile, entity: string, name: string, right: FieldRight, pointer: string, report: Reporter): void {
  const field = report.facts.field(entity, name)
  if (typeof right === 'object') return checkMask(entity, name, right, pointer, report)
  if (right === 'none') return
  if (right !== 'read' && !isWritable(name, field))
    report.problem('MODEL_NOT_WRITABLE', pointer, words('“{name}” is not written by anybody; at most it can be read.', { name }), {
      hint: words('Use "read".'),
    })
  if (field !== undefined) noteUnreadable(profile, entity, field, pointer, report)
}

function isWritable(name: string, field: Field | undefined): boolean {
  return field === undefined ? isSettableSystemField(name) : !isComputed(field) && field.read_only !== true
}

const MASK_KINDS: Readonly<Record<MaskRight['mask'], readonly string[]>> = {
  last4: ['text'],
  first1: ['text'],
  email: ['text'],
  range: ['integer', 'decimal', 'float', 'date', 'datetime'],
  hash: ['text', 'integer', 'decimal', 'float', 'date', 'datetime', 'choice', 'boolean', 'id', 'list', 'presence'],
}

function checkMask(entity: string, name: string, right: MaskRight, pointer: string, report: Reporter): void {
  const field = report.facts.field(entity, name)
  const kind = report.facts.comparison(entity, name)?.kind ?? 'presence'
  const fits = (mask: MaskRight['mask']): boolean => MASK_KINDS[mask].includes(kind) && (mask !== 'email' || field?.type === 'email')
  const masks = (['last4', 'first1', 'email', 'range', 'hash'] as const).filter(fits)
  if (name === 'id' || name === 'version') report.problem('MODEL_MASK', pointer, words('“{name}” can not be masked.', { name }))
  else if (!fits(right.mask))
    report.problem('MODEL_MASK', pointer, words('The mask “{mask}” does not fit “{name}”.', { mask: right.mask, name }), {
      hint: words('Possible: {names}.', { names: masks.join(', ') }),
    })
}

/** A derived value is readable only where all it is made of is; a profile that grants more by itself grants nothing. */
function noteUnreadable(profile: AccessProfile, entity: string, field: Field, pointer: string, report: Reporter): void {
  const missing = inputsOf(entity, field, report).find(input => !isReadable(profile, input.entity, input.field))
  if (missing !== undefined)
    report.note(
      'MODEL_UNREADABLE_INPUT',
      pointer,
      words('“{field}” is made of “{input}” of “{entity}”, which this profile does not read; by this profile alone it stays hidden.', {
        field: field.key,
        input: missing.field,
        entity: missing.entity,
      }),
    )
  if (field.type !== 'rollup' || field.discloses_hidden_rows === true) return
  const child = report.facts.relation(entity, field.relation)?.target
  const rows = child === undefined ? undefined : profile.entities[child]?.rows?.read
  if (child !== undefined && rows !== undefined && Object.keys(rows).length > 0)
    report.note(
      'MODEL_UNREADABLE_INPUT',
      pointer,
      words('“{field}” counts records of “{child}” of which this profile sees only some; by this profile alone it stays hidden.', {
        field: field.key,
        child,
      }),
      { hint: words('Let the rollup say "discloses_hidden_rows": true if its sum is no secret.') },
    )
}

function inputsOf(entity: string, field: Field, report: Reporter): { entity: string; field: string }[] {
  if (field.type === 'formula')
    return analyseFormula(field.expression).inputs.flatMap(([key]) => (key === undefined ? [] : [{ entity, field: key }]))
  const source = report.facts.sourceOf(entity, field)
  const anchor = field.type === 'lookup' ? [{ entity, field: field.reference }] : []
  return [...anchor, ...(source === null ? [] : [source])]
}

function isReadable(profile: AccessProfile, entity: string, field: string): boolean {
  const access = profile.entities[entity]
  if (access === undefined || !access.operations.some(operation => operation !== 'create')) return false
  if (field === 'id' || field === 'version') return true
  const right = access.fields[field] ?? access.fields['*'] ?? 'none'
  return typeof right === 'string' && right !== 'none'
}

/** Checks one role. */
export function checkRole(role: Role, report: Reporter): void {
  const { profiles } = report.facts
  for (const [index, key] of (role.access_profiles ?? []).entries())
    if (!profiles.has(key)) report.unknown('profile', key, pointerOf('access_profiles', index), profiles.keys())
  for (const [index, address] of (role.ip_allow ?? []).entries())
    if (!isNetwork(address))
      report.problem('MODEL_ADDRESS', pointerOf('ip_allow', index), words('“{address}” is no address and no network.', { address }), {
        hint: words('Such as {example}.', { example: '"203.0.113.7", "2001:db8::/32"' }),
      })
}

/** True for an IPv4 or IPv6 address, with a prefix length or without. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = isIpv4(address) ? 32 : isIpv6(address) ? 128 : -1
  return bits > 0 && rest.length === 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
}

function isIpv4(address: string): boolean {
  const parts = address.split('.')
  return parts.length === 4 && parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}

function isIpv6(address: string): boolean {
  const [head = '', tail, ...rest] = address.split('::')
  const groups = (part: string | undefined): string[] => (part === undefined || part === '' ? [] : part.split(':'))
  const all = [...groups(head), ...groups(tail)]
  const complete = tail === undefined ? all.length === 8 : all.length < 8
  return rest.length === 0 && complete && all.every(group => /^[0-9a-f]{1,4}$/i.test(group))
}
