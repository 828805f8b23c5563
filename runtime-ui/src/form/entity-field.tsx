/** Joins the form library with our inputs: one field component draws every field of an entity that has an input. */
import { useContext } from 'react'
import type { FieldProps, RJSFSchema } from '@rjsf/utils'
import type { FormSchema, FormUi } from '../api/model.ts'
import { inputs } from '../inputs/index.ts'
import { LineInput } from '../inputs/text-input.tsx'
import { RecordValue } from '../lookup/record-value.tsx'
import classes from './form.module.css'
import { FormRecordContext, useSiblingText } from './form-values.ts'
import { type MessageTree, partMessages } from './problems.ts'
import { settingsOf } from './settings.ts'

type Values = Record<string, unknown>

/** Ids of what describes a field, in the order they are read. */
export function describedBy(id: string, has: { readonly help: boolean; readonly error: boolean }): string | undefined {
  return [has.help ? `${id}__help` : '', has.error ? `${id}__error` : ''].filter(Boolean).join(' ') || undefined
}

/** One field of a form. */
export function EntityField(props: FieldProps<Values, RJSFSchema, Values>) {
  const schema = props.schema as unknown as FormSchema
  const ui = (props.uiSchema ?? {}) as FormUi
  const options = ui['ui:options'] ?? {}
  const currency = useSiblingText(typeof options['currency_field'] === 'string' ? options['currency_field'] : undefined)
  const behind = useContext(FormRecordContext)
  if (schema['readOnly'] === true && behind) {
    return (
      <div className={classes.shown}>
        <RecordValue entity={behind.entity} field={props.name} value={behind.record[props.name]} record={behind.record} />
      </div>
    )
  }
  const label = schema.title ?? props.name
  const id = props.fieldPathId.$id
  const Input = inputs[String(options['widget_name'])] ?? LineInput
  const own = props.rawErrors ?? []
  const parts = partMessages(props.errorSchema as MessageTree | undefined)
  return (
    <Input
      id={id}
      value={props.formData ?? undefined}
      // The library types the value of every field as the record's own.
      onChange={value => props.onChange(value as Values, props.fieldPathId.path)}
      onBlur={() => props.onBlur(id, props.formData)}
      settings={settingsOf(schema, ui, label, currency)}
      required={props.required}
      readOnly={props.readonly === true || props.disabled === true}
      invalid={own.length > 0 || Object.keys(parts).length > 0}
      problems={parts}
      describedBy={describedBy(id, { help: helpOf(schema, ui) !== null, error: own.length > 0 })}
      autoFocus={props.autofocus}
    />
  )
}

/** The words under a label. */
export function helpOf(schema: FormSchema, ui: FormUi): string | null {
  return ui['ui:help'] ?? schema.description ?? null
}
