/**
 * The conversions of an entity that a caller can run, with the records they make for him and what these begin with. Pure; whether a certain
 * record can be converted is decided where it is.
 */
import type { Conversion, ConversionStep, JsonValue } from '../../metadata/generated/types.ts'
import type { Grant } from '../access/types.ts'
import { speak } from './speak.ts'
import type { CallerNames } from './types.ts'

/** A conversion, and of its steps those the caller may take. */
export interface OfferedConversion {
  readonly conversion: Conversion
  readonly steps: readonly ConversionStep[]
}

/** What a caller with this grant may run: whatever is made in any case he may create, and whatever is written to the record he may write. */
export function conversionsOf(grant: Grant): OfferedConversion[] {
  if (!grant.operations.has('update')) return []
  return (grant.entity.definition.conversions ?? [])
    .filter(({ set = {} }) => Object.keys(set).every(key => grant.fields.get(key)?.strongest === 'write'))
    .filter(({ steps }) => steps.every(step => step.when !== undefined || canTake(grant, step)))
    .map(conversion => ({ conversion, steps: conversion.steps.filter(step => canTake(grant, step)) }))
}

function canTake(grant: Grant, { entity, values }: ConversionStep): boolean {
  const target = grant.over(entity)
  if (target === null || !target.operations.has('create')) return false
  return Object.entries(values).every(([key, value]) => canSet(target, key) || mayBeEmpty(value))
}

function canSet(target: Grant, key: string): boolean {
  const right = target.fields.get(key)?.strongest
  return right === 'write' || right === 'create'
}

/** What is copied from an empty field is not written, and so not refused. */
function mayBeEmpty(value: JsonValue): boolean {
  return typeof value === 'string' && /^\$(record|user)\./.test(value)
}

/** The conversions as `GET /api/model` shows them. */
export function shapeConversions(names: CallerNames, grant: Grant): Record<string, unknown>[] {
  return conversionsOf(grant).map(({ conversion, steps }) => ({
    key: conversion.key,
    label: speak(conversion.label, names.locale, conversion.key),
    when: conditionFor(names, grant, conversion.when),
    steps: steps.map(step => ({
      as: step.as,
      entity: step.entity,
      label: speak(names.grant(step.entity)?.entity.labels ?? {}, names.locale, step.entity),
      when: conditionFor(names, grant, step.when),
      values: valuesFor(names, grant, step, steps),
    })),
  }))
}

/** A condition the caller may read; null where there is none for him to judge by, and the server alone decides. */
function conditionFor(names: CallerNames, grant: Grant, when: Conversion['when']): Conversion['when'] | null {
  return when !== undefined && names.understands(grant, when) ? when : null
}

/** What the record that a step makes begins with, as far as the caller may set it and may read where it comes from. */
function valuesFor(names: CallerNames, grant: Grant, step: ConversionStep, steps: readonly ConversionStep[]): Record<string, JsonValue> {
  const target = names.grant(step.entity)
  const isKnown = (value: JsonValue): boolean => {
    if (Array.isArray(value)) return value.every(isKnown)
    if (typeof value === 'object' && value !== null) return Object.values(value).every(isKnown)
    const [, source, name = ''] = (typeof value === 'string' ? /^\$(record|steps)\.([a-z0-9_]+)/.exec(value) : null) ?? []
    if (source === 'record') return grant.fields.get(name)?.read != null
    return source === undefined || steps.some(each => each.as === name)
  }
  return Object.fromEntries(Object.entries(step.values).filter(([key, value]) => target !== null && canSet(target, key) && isKnown(value)))
}
