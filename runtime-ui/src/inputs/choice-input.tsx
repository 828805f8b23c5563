/** Inputs for choices: one, many, tags, yes or no. Options carry their colour as a dot. */
import { Checkbox, MultiSelect, Select, Switch, TagsInput } from '@mantine/core'
import { useWords } from '../i18n/use-words.ts'
import type { ModelOption } from '../api/model.ts'
import '../floating-css.ts'
import classes from './choice-input.module.css'
import { type InputProps, listValue, shared, textValue } from './input.ts'

/** One of the options. */
export function ChoiceInput(props: InputProps) {
  const { t } = useWords()
  const value = textValue(props.value)
  const options = offered(props.settings.options, [value])
  const { readOnly, ...rest } = shared(props)
  return (
    <Select
      {...rest}
      readOnly={readOnly}
      data={options.map(option => ({ value: option.value, label: option.label }))}
      value={value === '' ? null : value}
      onChange={next => props.onChange(next ?? undefined)}
      placeholder={t('input.choose')}
      clearable={!props.required && !readOnly}
      clearButtonProps={{ 'aria-label': t('input.clear', { label: props.settings.label }) }}
      searchable={options.length > 8}
      allowDeselect={false}
      nothingFoundMessage={t('input.nothing_found')}
      leftSection={value === '' || !hasColors(options) ? null : <Dot option={options.find(option => option.value === value)} />}
      leftSectionPointerEvents="none"
      checkIconPosition="right"
      renderOption={({ option }) => (
        <span className={classes.option}>
          {hasColors(options) && <Dot option={options.find(candidate => candidate.value === option.value)} />}
          {option.label}
        </span>
      )}
    />
  )
}

/** Any of the options. */
export function MultiChoiceInput(props: InputProps) {
  const { t } = useWords()
  const values = listValue(props.value).map(String)
  const options = offered(props.settings.options, values)
  return (
    <MultiSelect
      {...shared(props)}
      data={options.map(option => ({ value: option.value, label: option.label }))}
      value={values}
      onChange={next => props.onChange(next.length === 0 ? undefined : next)}
      placeholder={values.length === 0 ? t('input.choose') : ''}
      searchable
      hidePickedOptions
      nothingFoundMessage={t('input.nothing_found')}
      renderOption={({ option }) => (
        <span className={classes.option}>
          {hasColors(options) && <Dot option={options.find(candidate => candidate.value === option.value)} />}
          {option.label}
        </span>
      )}
    />
  )
}

/** Free words. */
export function TagsField(props: InputProps) {
  const { t } = useWords()
  return (
    <TagsInput
      {...shared(props)}
      value={listValue(props.value).map(String)}
      onChange={next => props.onChange(next.length === 0 ? undefined : next)}
      placeholder={t('input.add_tag')}
      splitChars={[',', ';']}
      acceptValueOnBlur
    />
  )
}

/** Yes or no, the label beside the switch. */
export function BooleanInput(props: InputProps) {
  const { error, readOnly, required: _required, ...rest } = shared(props)
  return (
    <Switch
      {...rest}
      error={error}
      disabled={readOnly}
      label={props.bare ? undefined : props.settings.label}
      checked={props.value === true}
      onChange={event => props.onChange(event.currentTarget.checked)}
      classNames={{ label: classes.switchLabel ?? '' }}
    />
  )
}

/** Yes or no in a cell of a table. */
export function CheckInput(props: InputProps) {
  return (
    <Checkbox
      id={props.id}
      aria-label={props.settings.label}
      disabled={props.readOnly === true}
      checked={props.value === true}
      onChange={event => props.onChange(event.currentTarget.checked)}
    />
  )
}

function Dot({ option }: { readonly option: ModelOption | undefined }) {
  return <span className={classes.dot} style={{ background: `var(--mantine-color-${option?.color ?? 'gray'}-6)` }} aria-hidden />
}

function hasColors(options: readonly ModelOption[]): boolean {
  return options.some(option => option.color)
}

/** Options that may be chosen; a retired one only where it already is the value, an unknown value as itself. */
function offered(options: readonly ModelOption[] | undefined, values: readonly string[]): readonly ModelOption[] {
  const known = options ?? []
  const unknown = values
    .filter(value => value !== '' && !known.some(option => option.value === value))
    .map(value => ({ value, label: value }))
  return [...known.filter(option => !option.retired || values.includes(option.value)), ...unknown]
}
