/**
 * Inputs for numbers. They show grouped digits of the locale, take either decimal sign while typing, and give the exact
 * decimal text of the wire (a number for integers). What is no number is given as the text it is, so that validation says so.
 */
import { TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useDisplayScope } from '../display/value.tsx'
import { currencySymbol, editableDecimal, formatNumber, isDecimal, parseDecimal } from '../display/number.ts'
import { type InputProps, shared, textValue } from './input.ts'

interface NumberProps extends InputProps {
  readonly section?: ReactNode
  readonly whole?: boolean
  readonly least?: number
}

function NumberField({ section, whole = false, least = 0, ...props }: NumberProps) {
  const { locale } = useDisplayScope()
  const [typed, setTyped] = useState<string | null>(null)
  const wire = textValue(props.value)
  const shown = typed ?? (isDecimal(wire) ? formatNumber(wire, locale, { least, most: 12 }) : wire)
  const give = (text: string): void => {
    if (text.trim() === '') return props.onChange(undefined)
    const parsed = parseDecimal(text, locale)
    if (parsed === null) return props.onChange(text)
    props.onChange(whole && /^-?\d{1,16}$/.test(parsed) && Number.isSafeInteger(Number(parsed)) ? Number(parsed) : parsed)
  }
  return (
    <TextInput
      {...shared(props)}
      inputMode={whole ? 'numeric' : 'decimal'}
      autoComplete="off"
      rightSection={section}
      rightSectionWidth={section ? 44 : 0}
      rightSectionPointerEvents="none"
      // Beside other cells digits stand under digits; alone under a label they begin where every value begins.
      styles={{ input: { textAlign: props.bare ? 'end' : 'start', fontVariantNumeric: 'tabular-nums' } }}
      value={shown}
      onFocus={event => {
        if (props.readOnly) return
        setTyped(isDecimal(wire) ? editableDecimal(wire, locale) : wire)
        const input = event.currentTarget
        // Right after the number is drawn as it is edited: a frame later a digit typed at once would be selected, and lost to the next.
        queueMicrotask(() => input.select())
      }}
      onChange={event => {
        setTyped(event.currentTarget.value)
        give(event.currentTarget.value)
      }}
      onBlur={() => {
        setTyped(null)
        props.onBlur?.()
      }}
    />
  )
}

/** A whole number. */
export function IntegerInput(props: InputProps) {
  return <NumberField {...props} whole />
}

/** An exact decimal. */
export function DecimalInput(props: InputProps) {
  return <NumberField {...props} />
}

/** A share of hundred. */
export function PercentInput(props: InputProps) {
  return <NumberField {...props} section={<span>%</span>} />
}

/** An amount; its currency stands beside it. */
export function MoneyInput(props: InputProps) {
  const { locale, currency } = useDisplayScope()
  const own = props.settings.currency ?? currency
  return <NumberField {...props} least={props.settings.scale ?? 2} section={<span title={own}>{currencySymbol(own, locale)}</span>} />
}
