/**
 * Inputs for days and instants, typed or picked from a calendar. A day is `YYYY-MM-DD`; an instant is RFC 3339 in UTC,
 * entered on the clock of the person's time zone.
 */
import { Group } from '@mantine/core'
import { DateInput as CalendarInput, DatesProvider, TimeInput } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import dayjs from 'dayjs'
import 'dayjs/locale/es.js'
import 'dayjs/locale/ru.js'
import 'dayjs/locale/uk.js'
import customParseFormat from 'dayjs/plugin/customParseFormat.js'
import { useState } from 'react'
import { useWords } from '../i18n/use-words.ts'
import { instantOf, wallClock } from '../display/time.ts'
import { useDisplayScope } from '../display/value.tsx'
import '../floating-css.ts'
import { type InputProps, shared, textValue } from './input.ts'

dayjs.extend(customParseFormat)

/** How a day is typed, per language. */
const FORMATS: Readonly<Record<string, string>> = { en: 'MMM D, YYYY', ru: 'DD.MM.YYYY', uk: 'DD.MM.YYYY', es: 'DD/MM/YYYY' }
/** What else is understood when typed. */
const TYPED = ['YYYY-MM-DD', 'DD.MM.YYYY', 'D.M.YYYY', 'DD.MM.YY', 'D.M.YY', 'MMM D, YYYY', 'MMM D YYYY']

/** A day. */
export function DayInput(props: InputProps) {
  const { locale } = useDisplayScope()
  const { t } = useWords()
  const value = textValue(props.value)
  return (
    <DatesProvider settings={{ locale, firstDayOfWeek: 1 }}>
      <CalendarInput
        {...shared(props)}
        value={/^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null}
        onChange={next => props.onChange(next ?? undefined)}
        valueFormat={FORMATS[locale] ?? 'YYYY-MM-DD'}
        dateParser={text => parseDay(text, locale)}
        clearable={!props.required && !props.readOnly}
        clearButtonProps={{ 'aria-label': t('input.clear', { label: props.settings.label }) }}
        highlightToday
      />
    </DatesProvider>
  )
}

/** An instant: a day and a time of day. */
export function InstantInput(props: InputProps) {
  const { timeZone } = useDisplayScope()
  const { t } = useWords()
  const wall = wallClock(textValue(props.value), timeZone)
  const [draft, setDraft] = useState<{ day?: string | undefined; time?: string | undefined }>({})
  const day = wall?.slice(0, 10) ?? draft.day
  const time = wall?.slice(11, 16) ?? draft.time ?? ''
  const give = (nextDay: string | undefined, nextTime: string): void => {
    setDraft({ day: nextDay, time: nextTime })
    props.onChange(
      nextDay === undefined ? undefined : (instantOf(`${nextDay} ${nextTime === '' ? '00:00' : nextTime}`, timeZone) ?? undefined),
    )
  }
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <div style={{ flex: 1, minWidth: 0 }}>
        <DayInput {...props} value={day} onChange={next => give(typeof next === 'string' ? next : undefined, time)} />
      </div>
      <TimeInput
        aria-label={`${props.settings.label}: ${t('input.time')}`}
        error={props.invalid === true}
        readOnly={props.readOnly === true}
        value={time}
        onChange={event => give(day, event.currentTarget.value)}
        onBlur={() => props.onBlur?.()}
        w={110}
      />
    </Group>
  )
}

function parseDay(text: string, locale: string): string | null {
  for (const format of [FORMATS[locale] ?? 'YYYY-MM-DD', ...TYPED]) {
    const parsed = dayjs(text.trim(), format, locale, true)
    if (parsed.isValid()) return parsed.format('YYYY-MM-DD')
  }
  return null
}
