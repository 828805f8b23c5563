/** The currency of an amount: those of the workspace first, then every other by code or name. */
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useClient, useModel } from '../api/context.ts'
import { entityOf, fieldOf } from '../api/model.ts'
import { useDisplayScope } from '../display/value.tsx'
import '../floating-css.ts'
import { useWords } from '../i18n/use-words.ts'
import { type InputProps, shared, textValue } from './input.ts'

/** Where the engine keeps what other currencies are worth in the workspace's own. */
const RATES = { entity: 'exchange_rate', currency: 'currency' } as const
const A_MINUTE = 60_000

/** The picker. */
export function CurrencyInput(props: InputProps) {
  const { t } = useWords()
  const { locale, currency } = useDisplayScope()
  const value = textValue(props.value)
  const rated = useRatedCurrencies()
  const data = useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: 'currency', fallback: 'none' })
    const option = (code: string): { value: string; label: string } => ({
      value: code,
      label: [code, nameOf(names, code)].filter(Boolean).join(' · '),
    })
    const near = [...new Set([currency, ...rated])]
    const others = [...new Set([...Intl.supportedValuesOf('currency'), value])].filter(code => code !== '' && !near.includes(code))
    return [
      { group: t('input.currency_near'), items: near.map(option) },
      { group: t('input.currency_others'), items: others.map(option) },
    ]
  }, [locale, currency, rated, value, t])
  const { readOnly, ...rest } = shared(props)
  return (
    <Select
      {...rest}
      readOnly={readOnly}
      data={data}
      value={value === '' ? null : value}
      onChange={next => props.onChange(next ?? undefined)}
      placeholder={currency}
      clearable={!props.required && !readOnly}
      clearButtonProps={{ 'aria-label': t('input.clear', { label: props.settings.label }) }}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t('input.nothing_found')}
      checkIconPosition="right"
      autoComplete="off"
    />
  )
}

/** What is not of the form of a code, such as a value from before there was a rule, has no name. */
function nameOf(names: Intl.DisplayNames, code: string): string | undefined {
  return /^[A-Z]{3}$/.test(code) ? names.of(code) : undefined
}

const NONE: readonly string[] = []

/** The currencies that amounts can be converted from, as far as the person may know of them. */
function useRatedCurrencies(): readonly string[] {
  const client = useClient()
  const field = fieldOf(entityOf(useModel(), RATES.entity), RATES.currency)
  const rates = useQuery({
    queryKey: ['records', RATES.entity, 'currencies'],
    queryFn: async ({ signal }) => {
      const rows = await client.aggregate(RATES.entity, { group_by: [RATES.currency], measures: { rates: { count: '*' } } }, { signal })
      return rows.map(row => String(row[RATES.currency])).toSorted()
    },
    enabled: field?.groupable === true,
    staleTime: A_MINUTE,
  })
  return rates.data ?? NONE
}
