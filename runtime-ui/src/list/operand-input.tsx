/** The input for what a condition compares with, by the shape its operator asks for and the kind of its field. */
import { NumberInput, Select } from '@mantine/core'
import '@mantine/core/styles/NumberInput.layer.css'
import { useId } from 'react'
import { useWords } from '../i18n/use-words.ts'

import type { ModelField } from '../api/model.ts'
import { inputs } from '../inputs/index.ts'
import type { InputSettings } from '../inputs/input.ts'
import { type DurationUnit, durationOf, PERIODS, partsOfDuration } from './describe-filter.ts'
import { type Condition, shapeOf } from './filter.ts'
import classes from './filter-builder.module.css'

interface OperandProps {
  readonly condition: Condition
  readonly field: ModelField
  readonly onChange: (operand: unknown) => void
}

/** The input, or nothing where the operator needs no operand. */
export function OperandInput({ condition, field, onChange }: OperandProps) {
  const { t } = useWords()
  const shape = shapeOf(condition.operator)
  const settings = settingsOf(field, t('filter.value'))
  if (shape === 'flag') return null
  if (shape === 'period') {
    return (
      <Select
        aria-label={settings.label}
        data={PERIODS.map(word => ({ value: word, label: t(`period.${word}`) }))}
        value={typeof condition.operand === 'string' ? condition.operand : null}
        onChange={word => onChange(word ?? undefined)}
        placeholder={t('input.choose')}
      />
    )
  }
  if (shape === 'duration') return <Duration operand={condition.operand} onChange={onChange} />
  if (shape === 'range') {
    const [low, high] = Array.isArray(condition.operand) ? condition.operand : []
    return (
      <div className={classes.range}>
        <Single field={field} settings={{ ...settings, label: t('filter.from') }} value={low} onChange={value => onChange([value, high])} />
        <Single field={field} settings={{ ...settings, label: t('filter.to') }} value={high} onChange={value => onChange([low, value])} />
      </div>
    )
  }
  if (shape === 'many') return <Many field={field} settings={settings} value={condition.operand} onChange={onChange} />
  return <Single field={field} settings={settings} value={condition.operand} onChange={onChange} />
}

interface ValueProps {
  readonly field: ModelField
  readonly settings: InputSettings
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

function Single({ field, settings, value, onChange }: ValueProps) {
  const id = useId()
  const { t } = useWords()
  if (field.kind === 'boolean') {
    return (
      <Select
        aria-label={settings.label}
        data={[
          { value: 'true', label: t('app.yes') },
          { value: 'false', label: t('app.no') },
        ]}
        value={typeof value === 'boolean' ? String(value) : null}
        onChange={next => onChange(next === null ? undefined : next === 'true')}
        placeholder={t('input.choose')}
      />
    )
  }
  const Input = inputs[singleWidget(field)] ?? inputs['text']
  return Input ? <Input id={id} bare settings={settings} value={value} onChange={onChange} /> : null
}

function Many({ field, settings, value, onChange }: ValueProps) {
  const id = useId()
  const widget = field.kind === 'id' || field.target ? 'multi_reference' : field.options ? 'multi_choice' : 'tags'
  const Input = inputs[widget]
  return Input ? <Input id={id} bare settings={settings} value={value} onChange={next => onChange(typedAs(field, next))} /> : null
}

/** Lists typed as words are numbers again where the field is one. */
function typedAs(field: ModelField, value: unknown): unknown {
  if (field.kind !== 'integer' || !Array.isArray(value)) return value
  return value.map(Number).filter(Number.isSafeInteger)
}

function singleWidget(field: ModelField): string {
  if (field.options && field.options.length > 0) return 'choice'
  const byKind: Readonly<Record<string, string>> = {
    date: 'date',
    datetime: 'datetime',
    integer: 'integer',
    decimal: 'decimal',
    id: 'reference',
  }
  if (field.type === 'money' || field.type === 'percent') return field.type
  return byKind[field.kind] ?? 'text'
}

function settingsOf(field: ModelField, label: string): InputSettings {
  return {
    label,
    options: field.options ?? undefined,
    target: field.target ?? undefined,
    currency: field.currency ?? undefined,
    scale: field.scale ?? undefined,
  }
}

function Duration({ operand, onChange }: { readonly operand: unknown; readonly onChange: (operand: unknown) => void }) {
  const { t } = useWords()
  const parts = partsOfDuration(operand) ?? { amount: 30, unit: 'D' as const }
  const units: readonly DurationUnit[] = ['H', 'D', 'W', 'M']
  return (
    <div className={classes.duration}>
      <NumberInput
        aria-label={t('duration.amount')}
        min={1}
        max={9999}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        value={operand === undefined ? '' : parts.amount}
        onChange={amount => onChange(typeof amount === 'number' && amount > 0 ? durationOf(amount, parts.unit) : undefined)}
      />
      <Select
        aria-label={t('duration.unit')}
        data={units.map(unit => ({ value: unit, label: t(`duration.${unit}`) }))}
        value={parts.unit}
        onChange={next => {
          const unit = units.find(candidate => candidate === next)
          if (unit) onChange(durationOf(parts.amount, unit))
        }}
        allowDeselect={false}
      />
    </div>
  )
}
