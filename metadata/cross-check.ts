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

/** Checks documents that each fit their schema against each other; all problems at once, in the order of the documents. */
export function crossCheck(documents: readonly EffectiveDocument[], tools: FieldTools): Findings {
  const facts = new Facts(documents)
  const findings: Findings = { problems: [], notes: [] }
  const reporters = new Map<MetadataDocument, Reporter>()
  for (const effective of documents) {
    const report = new Reporter(facts, findings, effective)
    reporters.set(effective.document, report)
    checkOne(effective.document, report, tools)
  }
  const reporterOf = (key: string): Reporter => requireReporter(reporters, facts.entities.get(key))
  checkTableCycles(facts, reporterOf)
  checkDerivedChains(facts, reporterOf)
  return findings
}

function checkOne(document: MetadataDocument, report: Reporter, tools: FieldTools): void {
  switch (document.kind) {
    case 'entity':
      return checkEntity(document, report, tools)
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

function checkEntity(entity: Entity, report: Reporter, tools: FieldTools): void {
  checkNames(entity, report)
  checkFields(entity, report, tools)
  checkReferences(entity, report)
  checkRules(entity, report)
  checkStages(entity, report)
  checkDerived(entity, report)
}

function requireReporter(reporters: ReadonlyMap<MetadataDocument, Reporter>, entity: Entity | undefined): Reporter {
  const reporter = entity === undefined ? undefined : reporters.get(entity)
  if (reporter === undefined) throw new Error('A problem was found in an entity that no document declares.')
  return reporter
}
