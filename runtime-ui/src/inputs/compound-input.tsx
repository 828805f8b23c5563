/** Inputs for values of several parts: an address, a person's name. Empty parts are left out, an empty whole is no value. */
import { Select, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { useWords } from '../i18n/use-words.ts'
import { countryName } from '../display/field-text.ts'
import { useDisplayScope } from '../display/value.tsx'
import '../floating-css.ts'
import classes from './compound-input.module.css'
import { type InputProps, objectValue, textValue } from './input.ts'

const ADDRESS = ['line1', 'line2', 'postal_code', 'city', 'region', 'country'] as const
const NAME = ['given', 'family'] as const
const COMPLETE: Readonly<Record<string, string>> = {
  line1: 'address-line1',
  line2: 'address-line2',
  postal_code: 'postal-code',
  city: 'address-level2',
  region: 'address-level1',
}

/** A postal address. */
export function AddressInput(props: InputProps) {
  const parts = ADDRESS.filter(part => !props.settings.parts || props.settings.parts.includes(part))
  return (
    <div role="group" aria-label={props.settings.label} aria-describedby={props.describedBy} className={classes.address}>
      {parts.map((part, place) => (
        <Part key={part} {...props} part={part} name={`address.${part}`} first={place === 0} />
      ))}
    </div>
  )
}

/** A person's name in its parts. */
export function PersonNameInput(props: InputProps) {
  const parts = (props.settings.parts ?? NAME).filter(isNamePart)
  return (
    <div role="group" aria-label={props.settings.label} aria-describedby={props.describedBy} className={classes.name}>
      {parts.map((part, place) => (
        <Part key={part} {...props} part={part} name={`name.${part}`} first={place === 0} />
      ))}
    </div>
  )
}

const NAME_PARTS = ['prefix', 'given', 'middle', 'family', 'suffix'] as const
const isNamePart = (part: string): part is (typeof NAME_PARTS)[number] => (NAME_PARTS as readonly string[]).includes(part)

type PartName = `address.${(typeof ADDRESS)[number]}` | `name.${(typeof NAME_PARTS)[number]}`

function Part(props: InputProps & { readonly part: string; readonly name: PartName; readonly first: boolean }) {
  const { t } = useWords()
  const { part, first } = props
  const whole = objectValue(props.value)
  const give = (value: string | null): void => {
    // The country that is usual here comes with the first part that is written.
    const usual = Object.keys(whole).length === 0 && props.settings.defaultCountry ? { country: props.settings.defaultCountry } : {}
    const next = Object.fromEntries(
      Object.entries({ ...usual, ...whole, [part]: value }).filter(([, piece]) => piece !== null && piece !== ''),
    )
    props.onChange(Object.keys(next).length === 0 ? undefined : next)
  }
  const attributes = {
    // The first part carries the id of the field, so that the label and the summary of errors lead to it.
    id: first ? props.id : `${props.id}_${part}`,
    'aria-label': t(props.name),
    placeholder: t(props.name),
    readOnly: props.readOnly === true,
    error: props.problems?.[`/${part}`] ?? (props.invalid === true && Object.keys(props.problems ?? {}).length === 0),
    onBlur: props.onBlur,
    className: classes[part] ?? '',
  }
  if (part === 'country') return <Country {...attributes} value={textValue(whole[part])} onChange={give} />
  return (
    <TextInput
      {...attributes}
      autoComplete={COMPLETE[part] ?? 'off'}
      value={textValue(whole[part])}
      onChange={event => give(event.currentTarget.value)}
    />
  )
}

const COUNTRIES =
  'AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW'.split(
    ' ',
  )

interface CountryProps {
  readonly id: string
  readonly 'aria-label': string
  readonly placeholder: string
  readonly readOnly: boolean
  readonly error: string | boolean
  readonly className: string
  readonly onBlur: (() => void) | undefined
  readonly value: string
  readonly onChange: (value: string | null) => void
}

function Country({ value, onChange, ...attributes }: CountryProps) {
  const { locale } = useDisplayScope()
  const { t } = useWords()
  const data = useMemo(() => {
    const codes = value === '' || COUNTRIES.includes(value) ? COUNTRIES : [...COUNTRIES, value]
    return codes.map(code => ({ value: code, label: countryName(code, locale) })).sort((a, b) => a.label.localeCompare(b.label, locale))
  }, [locale, value])
  return (
    <Select
      {...attributes}
      data={data}
      value={value === '' ? null : value}
      onChange={onChange}
      searchable
      clearable={!attributes.readOnly}
      clearButtonProps={{ 'aria-label': t('input.clear', { label: attributes['aria-label'] }) }}
      nothingFoundMessage={t('input.nothing_found')}
      autoComplete="off"
    />
  )
}
