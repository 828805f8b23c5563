/** Face of authoring: the model as its users and authors see it, and the change sets by which it changes. */
export { type Described, describeForm, describeModel } from './describe-model.ts'
