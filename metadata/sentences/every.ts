/** Every sentence that a problem may consist of. Read for its names alone by whoever makes problems, and for its words by translate.ts. */
import { FIELD_SENTENCES } from './fields.ts'
import { FORMULA_SENTENCES } from './formulas.ts'
import { LAYER_SENTENCES } from './layers.ts'
import { MODEL_SENTENCES } from './model.ts'
import { QUERY_SENTENCES } from './queries.ts'
import { REQUEST_SENTENCES } from './requests.ts'
import { SCREEN_SENTENCES } from './screens.ts'

export const SENTENCES = {
  ...FIELD_SENTENCES,
  ...FORMULA_SENTENCES,
  ...LAYER_SENTENCES,
  ...MODEL_SENTENCES,
  ...QUERY_SENTENCES,
  ...REQUEST_SENTENCES,
  ...SCREEN_SENTENCES,
}
