/**
 * Answers the TypeScript types of what one caller can send and be sent; written once per revision, set of profiles and language, aside from
 * the requests of others, and never shared between profiles.
 */
import type { ModelContext } from '../model/index.ts'
import { type DescribedLater, describedLater, type Describer } from './describe-model.ts'
import { typesMaterial } from './typed-entities.ts'
import { writeAside } from './types-writer.ts'

/** The types of the caller. Their text throws AUTHORING_TYPES_UNAVAILABLE. */
export function describeTypes(ctx: ModelContext, by: Describer): DescribedLater {
  return describedLater(ctx, by, 'types', () => writeAside(() => typesMaterial(ctx)))
}
