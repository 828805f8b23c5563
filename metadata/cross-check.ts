// Answers for: everything that can be wrong between effective documents without looking at a record; reads as its table of contents.
// It must not know storage, numbers or a caller.

import { checkProfile, checkRole } from './checks/access.ts'
import { checkDerived, checkDerivedChains } from './checks/derived.ts'
import { Facts } from './checks/facts.ts'
import { checkFields, type FieldTools } from './checks/fields.ts'
import { type Findings, Reporter } from './checks/findings.ts'
import { checkImportMap } from './checks/imports.ts'
import { checkNames } from './checks/names.ts'
import { checkPack } from './checks/packs.ts'
import { checkPolicy } from './checks/queries.ts'
import { checkReferences, checkTableCycles } from './checks/references.ts'
import { checkRules } from './checks/rules.ts'
import { checkLayout, checkNavigation, checkView } from './checks/screens.ts'
import { checkStages } from './checks/stages.ts'
import type { Entity, MetadataDocument } from './generated/types.ts'
import type { EffectiveDocument } from './layers.ts'
import { inOneGo, type Steps } from './steps.ts'

/** Checks documents that each fit their schema against each other; all problems at once, in the order of the documents. */
export function crossCheck(documents: readonly EffectiveDocument[], tools: FieldTools): Findings {
  return inOneGo(crossCheckInSteps(documents, tools))
}

/** The same, a part of a document at a time. */
export function* crossCheckInSteps(documents: readonly EffectiveDocument[], tools: FieldTools): Steps<Findings> {
  const facts = new Facts(documents)
  const findings: Findings = { problems: [], notes: [] }
  const reporters = new Map<MetadataDocument, Reporter>()
  for (const effective of documents) {
    const report = new Reporter(facts, findings, effective)
    reporters.set(effective.document, report)
    yield* checkOne(effective.document, report, tools)
  }
  const reporterOf = (key: string): Reporter => requireReporter(reporters, facts.entities.get(key))
  checkTableCycles(facts, reporterOf)
  yield
  yield* checkDerivedChains(facts, reporterOf)
  return findings
}

function* checkOne(document: MetadataDocument, report: Reporter, tools: FieldTools): Steps<void> {
  if (document.kind === 'entity') yield* checkEntity(document, report, tools)
  else checkOther(document, report)
  yield
}

function checkOther(document: Exclude<MetadataDocument, Entity>, report: Reporter): void {
  switch (document.kind) {
    case 'access_profile':
      return checkProfile(document, report)
    case 'role':
      return checkRole(document, report)
    case 'query_policy':
      return checkPolicy(document, report)
    case 'layout':
      return checkLayout(document, report)
    case 'view':
      return checkView(document, report)
    case 'navigation':
      return checkNavigation(document, report)
    case 'import_map':
      return checkImportMap(document, report)
    case 'pack':
      return checkPack(document, report)
  }
}

function* checkEntity(entity: Entity, report: Reporter, tools: FieldTools): Steps<void> {
  checkNames(entity, report)
  checkFields(entity, report, tools)
  yield
  checkReferences(entity, report)
  checkRules(entity, report)
  yield
  checkStages(entity, report)
  yield* checkDerived(entity, report)
}

function requireReporter(reporters: ReadonlyMap<MetadataDocument, Reporter>, entity: Entity | undefined): Reporter {
  const reporter = entity === undefined ? undefined : reporters.get(entity)
  if (reporter === undefined) throw new Error('A problem was found in an entity that no document declares.')
  return reporter
}
