/** Inputs that fit the cell of a table of line items. */
import { CheckInput } from './choice-input.tsx'
import { CurrencyInput } from './currency-input.tsx'
import { ReferenceInput } from './reference-input.tsx'
import { type Inputs, scalarInputs } from './scalar-inputs.ts'
import { LineInput } from './text-input.tsx'

/** Plain values and single references; long text in one line. */
export const cellInputs: Inputs = {
  ...scalarInputs,
  boolean: CheckInput,
  long_text: LineInput,
  reference: ReferenceInput,
  user: ReferenceInput,
  parent: ReferenceInput,
  currency: CurrencyInput,
}
