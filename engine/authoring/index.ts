/** Face of authoring: the model as its users and authors see it, and the change sets by which it changes. */
export { callerNames } from './caller-names.ts'
export { type Authoring, createAuthoring } from './create-authoring.ts'
export { type Described, describeComponents, described, describeForm, describeModel } from './describe-model.ts'
export { describeTypes } from './describe-types.ts'
export { type DocumentState } from './documents.ts'
export { type Filler, startFiller } from './filler.ts'
export type { FormPreview } from './preview.ts'
export type { Published } from './publish.ts'
