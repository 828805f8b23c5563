/**
 * A value as markup: badges for choices, links for references and addresses, a mark for yes and no, text for the rest.
 * What the text says is field-text.ts; nothing here fetches.
 */
import { Badge } from '@mantine/core'
import { IconCheck, IconLock, IconMinus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { createContext, type ReactNode, useContext } from 'react'
import { useWords } from '../i18n/use-words.ts'
import type { ModelField } from '../api/model.ts'
import { type DisplayScope, formatAddress, isBlank, optionLabel, referenceLabel, textOf, type Values } from './field-text.ts'
import classes from './value.module.css'

/** What values are shown with: language, zone, currency. */
export const DisplayScopeContext = createContext<DisplayScope>({
  locale: 'en',
  timeZone: 'UTC',
  currency: 'EUR',
  yes: 'Yes',
  no: 'No',
})

/** The display scope of the person who looks. */
export function useDisplayScope(): DisplayScope {
  return useContext(DisplayScopeContext)
}

interface ValueProps {
  readonly value: unknown
  readonly field: ModelField
  readonly record?: Values
  /** In a table or card one line must do, and links would be in the way of the row's own. */
  readonly dense?: boolean
}

type Drawing = (props: ValueProps & { text: string; scope: DisplayScope }) => ReactNode

const badge: Drawing = ({ value, field }) => <ChoiceBadge value={value} field={field} />
const badges: Drawing = ({ value, field }) => (
  <span className={classes.badges}>
    {(Array.isArray(value) ? value : [value]).map(entry => (
      <ChoiceBadge key={String(entry)} value={entry} field={field} />
    ))}
  </span>
)
const toOne: Drawing = ({ value, field, text, dense }) => {
  const id = typeof value === 'object' && value !== null ? (value as Values)['id'] : value
  if (dense || typeof id !== 'string' || !field.target) return text
  return (
    <Link to="/records/$entity/$id" params={{ entity: field.target, id }} className={classes.link}>
      {text}
    </Link>
  )
}
const toMany: Drawing = ({ value, field, dense }) => (
  <span className={dense ? classes.badges : classes.links}>
    {(Array.isArray(value) ? value : []).map((entry: unknown) => {
      const id = typeof entry === 'object' && entry !== null ? (entry as Values)['id'] : entry
      const label = referenceLabel(entry, field)
      return dense || typeof id !== 'string' || !field.target ? (
        <Badge key={String(id)} color="gray">
          {label}
        </Badge>
      ) : (
        <Link key={id} to="/records/$entity/$id" params={{ entity: field.target, id }} className={classes.link}>
          {label}
        </Link>
      )
    })}
  </span>
)
const linked =
  (href: (text: string) => string): Drawing =>
  ({ value, text, dense }) =>
    dense ? (
      text
    ) : (
      <a href={href(String(value))} className={classes.link}>
        {text}
      </a>
    )

const DRAWINGS: Readonly<Record<string, Drawing>> = {
  choice: badge,
  multi_choice: badges,
  tags: badges,
  boolean: ({ value, text }) => (
    <span className={classes.boolean}>
      {value === true ? <IconCheck size={15} stroke={2.2} aria-hidden /> : <IconMinus size={15} stroke={1.6} aria-hidden />}
      {text}
    </span>
  ),
  reference: toOne,
  parent: toOne,
  user: toOne,
  multi_reference: toMany,
  email: linked(text => `mailto:${text}`),
  phone: linked(text => `tel:${text.replace(/[^\d+]/g, '')}`),
  url: ({ value, text, dense }) =>
    // Only web addresses become links: a stored javascript: address must stay text.
    dense || !/^https?:\/\//i.test(String(value)) ? (
      text
    ) : (
      <a href={String(value)} className={classes.link} rel="noopener noreferrer" target="_blank">
        {text}
      </a>
    ),
  long_text: ({ text, dense }) => (dense ? text : <span className={classes.paragraph}>{text}</span>),
  json: ({ value, text, dense }) => (dense ? text : <pre className={classes.code}>{JSON.stringify(value, null, 2)}</pre>),
  address: ({ value, text, dense, scope }) =>
    dense ? (
      text
    ) : (
      <span>
        {formatAddress(value, scope.locale).map((line, index) => (
          <span key={`${index}:${line}`} className={classes.line}>
            {line}
          </span>
        ))}
      </span>
    ),
}

/** A field's value, or a quiet mark where there is none. */
export function Value({ value, field, record = {}, dense = false }: ValueProps) {
  const scope = useDisplayScope()
  const { t } = useWords()
  if (isBlank(value)) {
    return dense ? null : (
      <span className={classes.blank}>
        <span aria-hidden>–</span>
        <span className={classes.hidden}>{t('record.empty_value')}</span>
      </span>
    )
  }
  const text = textOf(value, field, scope, record)
  if (field.right === 'mask') {
    return (
      <span className={classes.masked} title={t('record.masked')}>
        <IconLock size={13} stroke={1.8} aria-label={t('record.masked')} role="img" />
        <span className={classes.maskedText}>{text}</span>
      </span>
    )
  }
  const draw = DRAWINGS[field.widget ?? ''] ?? DRAWINGS[field.type] ?? (field.kind === 'id' ? toOne : undefined)
  return draw ? draw({ value, field, record, dense, text, scope }) : text
}

/** One option of a choice in its colour. */
export function ChoiceBadge({ value, field }: { value: unknown; field: Pick<ModelField, 'options'> }) {
  const option = field.options?.find(candidate => candidate.value === value)
  return (
    <Badge color={option?.color ?? 'gray'} className={classes.badge}>
      {optionLabel(value, field)}
    </Badge>
  )
}
