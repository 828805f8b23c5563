/** Every input by the name of its widget. A new widget is one file and one line here. */
import { AddressInput, PersonNameInput } from './compound-input.tsx'
import { CurrencyInput } from './currency-input.tsx'
import { MultiReferenceInput, ReferenceInput } from './reference-input.tsx'
import { type Inputs, scalarInputs } from './scalar-inputs.ts'
import { TableInput } from './table-input.tsx'

/** Widget to input. */
export const inputs: Inputs = {
  ...scalarInputs,
  reference: ReferenceInput,
  user: ReferenceInput,
  parent: ReferenceInput,
  multi_reference: MultiReferenceInput,
  address: AddressInput,
  person_name: PersonNameInput,
  table: TableInput,
  currency: CurrencyInput,
}
