/**
 * What every input of a field gets and gives: a wire value in, a wire value out. Inputs know neither forms nor filters;
 * both use the same ones.
 */
import type { ModelOption } from '../api/model.ts'

/** What an input has to know of its field. */
export interface InputSettings {
  readonly label: string
  readonly options?: readonly ModelOption[] | undefined
  readonly target?: string | undefined
  readonly currency?: string | undefined
  /** The sibling that says the currency, for inputs that see their siblings. */
  readonly currencyField?: string | undefined
  readonly scale?: number | undefined
  readonly parts?: readonly string[] | undefined
  readonly defaultCountry?: string | undefined
  readonly maxLength?: number | undefined
  readonly columns?: readonly InputColumn[] | undefined
  /** Whether lines may be added and taken out. */
  readonly addable?: boolean | undefined
  readonly removable?: boolean | undefined
}

/** A column of a table of inputs. */
export interface InputColumn {
  readonly key: string
  readonly widget: string
  readonly settings: InputSettings
  /** The value of a new row. */
  readonly start?: unknown
  readonly required: boolean
  readonly readOnly: boolean
}

/** Props of an input. `undefined` is the absence of a value, both ways. */
export interface InputProps {
  readonly id: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly onBlur?: (() => void) | undefined
  readonly settings: InputSettings
  readonly required?: boolean | undefined
  readonly readOnly?: boolean | undefined
  readonly invalid?: boolean | undefined
  readonly describedBy?: string | undefined
  readonly autoFocus?: boolean | undefined
  /** No visible label names the input: it must name itself. */
  readonly bare?: boolean | undefined
  /** Messages for parts of the value, by pointer below it, such as `/city` or `/0/quantity`. */
  readonly problems?: Readonly<Record<string, string>> | undefined
}

/** The attributes that inputs over Mantine share. */
export function shared(props: InputProps) {
  return {
    id: props.id,
    required: props.required === true,
    readOnly: props.readOnly === true,
    error: props.invalid === true,
    'aria-label': props.bare ? props.settings.label : undefined,
    'aria-describedby': props.describedBy,
    autoFocus: props.autoFocus === true,
    onBlur: props.onBlur,
  }
}

/** A text value, or the empty text. */
export function textValue(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value)
}

/** A list value. */
export function listValue(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** An object value. */
export function objectValue(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
