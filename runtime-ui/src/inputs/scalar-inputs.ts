/** Inputs of single plain values by the name of their widget. */
import type { ComponentType } from 'react'
import { BooleanInput, ChoiceInput, MultiChoiceInput, TagsField } from './choice-input.tsx'
import { DayInput, InstantInput } from './date-input.tsx'
import type { InputProps } from './input.ts'
import { DecimalInput, IntegerInput, MoneyInput, PercentInput } from './number-input.tsx'
import { EmailInput, JsonInput, LineInput, ParagraphInput, PhoneInput, UrlInput } from './text-input.tsx'

/** Widget to input. */
export type Inputs = Readonly<Record<string, ComponentType<InputProps>>>

/** The plain ones: all that a column of a link can be. */
export const scalarInputs: Inputs = {
  text: LineInput,
  long_text: ParagraphInput,
  email: EmailInput,
  phone: PhoneInput,
  url: UrlInput,
  integer: IntegerInput,
  decimal: DecimalInput,
  percent: PercentInput,
  money: MoneyInput,
  boolean: BooleanInput,
  date: DayInput,
  datetime: InstantInput,
  choice: ChoiceInput,
  multi_choice: MultiChoiceInput,
  tags: TagsField,
  json: JsonInput,
  autonumber: LineInput,
}
