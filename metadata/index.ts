// The face of the language: schemas, types, and the pure functions that read, combine, check and compare documents.
// It must not import anything of the engine or of the apps.

export { checkDocument, DEFINITION_OF_KIND, isDocumentKind, type ValidateDefinition } from './check-document.ts'
export { type CheckedLayers, checkLayers, type LanguageTools, type RawLayer } from './check-layers.ts'
export { crossCheck, crossCheckInSteps } from './cross-check.ts'
export { diffDocuments } from './diff.ts'
export { metadataSchema } from './generated/schemas.ts'
export { uiHints } from './generated/ui-hints.ts'
export { combineLayers, type EffectiveDocument, isOverlay, keyOf, type Layer, OVERLAY, overlayOf } from './layers.ts'
export { nearestHint, nearestName } from './nearest.ts'
export { layersOf, type Origin, originAt, type Part } from './part.ts'
export { partsOf, pointerOf, type Problem } from './problem.ts'
export { isSystemField, ORG_UNIT, relationsOf, targetOf, USER } from './relations.ts'
export { type Conflict, type Upgrade, upgradePack } from './upgrade.ts'
export type * from './generated/types.ts'
