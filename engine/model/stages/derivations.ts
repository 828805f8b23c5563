/** Stage 4: what derived values are made of, in which order they are computed, and the exact evaluators of formulas. */
import { analyseFormula, compileExact } from '../../../metadata/formula.ts'
import type { Test } from '../../../metadata/predicate.ts'
import type { Problem } from '../../../metadata/problem.ts'
import { compileExpression } from '../../expression/index.ts'
import type { CompiledEntity, CompiledField, Derivation } from '../types.ts'
import { baseKey } from './fields.ts'

/** An entity's fields with inputs and evaluators filled in. Needs the entity's final predicates and relations. */
export function withDerivations(entity: CompiledEntity, problems: Problem[]): Map<string, CompiledField> {
  const fields = new Map(entity.fields)
  for (const field of entity.fields.values()) {
    const derivation = field.derivation
    if (derivation === null) continue
    const definition = field.declared
    if (derivation.kind === 'formula' && definition.type === 'formula') {
      const analysed = analyseFormula(derivation.expression, definition.result)
      const compiled =
        analysed.kind === 'exact' && definition.result !== 'text'
          ? compileExact(derivation.expression, {
              result: definition.result,
              scale: definition.scale ?? 2,
              kindOf: path => (path.length === 1 ? entity.fields.get(path[0] ?? '')?.kind : undefined),
            })
          : null
      const exact = compiled?.ok === true ? compiled.formula : null
      // Where it stands in the document: the system's own fields, which come first here, are not in it.
      const index = entity.definition.fields.findIndex(each => each.key === field.key)
      for (const problem of compiled?.ok === false ? compiled.problems : analysed.problems)
        problems.push({ ...problem, document: { kind: 'entity', key: entity.key }, pointer: `/fields/${index}/expression` })
      fields.set(field.key, {
        ...field,
        inputs: analysed.inputs.map(path => path[0] ?? '').filter(key => fields.has(key)),
        derivation: {
          ...derivation,
          exact,
          fenced: exact === null && analysed.problems.length === 0 ? compileExpression(derivation.expression) : null,
        },
      })
    } else if (derivation.kind === 'lookup') {
      fields.set(field.key, { ...field, inputs: [derivation.reference] })
    } else if (derivation.kind === 'rollup') {
      fields.set(field.key, { ...field, derivation: { ...derivation, inputs: rollupInputs(derivation) } })
    }
  }
  return fields
}

/** Formulas and copied lookups so that each comes after what it reads; amounts follow their currencies. */
export function computeOrder(entity: CompiledEntity): string[] {
  const order: string[] = []
  const done = new Set<string>()
  const visit = (field: CompiledField): void => {
    if (done.has(field.key)) return
    done.add(field.key)
    for (const key of [...field.inputs, ...besideAmount(entity, field)]) {
      const input = entity.fields.get(key)
      if (input !== undefined) visit(input)
    }
    const kind = field.derivation?.kind
    if (kind === 'formula' || kind === 'base' || (field.derivation?.kind === 'lookup' && field.derivation.mode === 'copied'))
      order.push(field.key)
  }
  for (const field of entity.fields.values()) visit(field)
  return order
}

/** What a converted amount depends on beside the amount: its currency and the day of its rate, wherever they stand in the document. */
function besideAmount(entity: CompiledEntity, { derivation }: CompiledField): string[] {
  const declared = derivation?.kind === 'base' ? entity.fields.get(derivation.of)?.declared : undefined
  if (declared === undefined) return []
  const currency = 'currency_field' in declared ? declared.currency_field : undefined
  const day = 'rate_date_field' in declared ? declared.rate_date_field : undefined
  return [currency, day].filter(key => key !== undefined)
}

function rollupInputs(derivation: Extract<Derivation, { kind: 'rollup' }>): string[] {
  const names = new Set<string>(derivation.field === null ? [] : [derivation.field])
  const walk = (test: Test | null): void => {
    if (test === null) return
    if (test.kind === 'all' || test.kind === 'any') for (const each of test.of) walk(each)
    if (test.kind === 'atom') names.add(test.path[0] ?? test.field)
    if (test.kind === 'one' || test.kind === 'many') names.add(test.relation)
  }
  walk(derivation.where)
  return [...names]
}

/** The key a rollup over money really sums: the converted amount. */
export function summedKey(child: CompiledEntity, key: string): string {
  return child.fields.has(baseKey(key)) ? baseKey(key) : key
}
