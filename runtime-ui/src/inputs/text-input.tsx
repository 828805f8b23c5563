/** Inputs for text: one line, many lines, addresses of the net, JSON. */
import { Textarea, TextInput } from '@mantine/core'
import { type ComponentProps, useState } from 'react'
import { formatPhone } from '../display/phone.ts'
import { type InputProps, shared, textValue } from './input.ts'

type Hints = Pick<ComponentProps<'input'>, 'type' | 'inputMode' | 'autoComplete' | 'spellCheck' | 'autoCapitalize'>

function lineInput(hints: Hints, shown: (value: unknown) => string = textValue) {
  return function LineInput(props: InputProps) {
    return (
      <TextInput
        {...shared(props)}
        {...hints}
        maxLength={props.settings.maxLength}
        value={shown(props.value)}
        onChange={event => props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      />
    )
  }
}

/** One line of text. */
export const LineInput = lineInput({ type: 'text', autoComplete: 'off' })
/** An e-mail address. */
export const EmailInput = lineInput({ type: 'email', inputMode: 'email', autoComplete: 'off', spellCheck: false, autoCapitalize: 'none' })
/** A phone number; one from the engine in the groups of its country, until it is changed. */
export const PhoneInput = lineInput({ type: 'tel', inputMode: 'tel', autoComplete: 'off' }, formatPhone)
/** A web address. */
export const UrlInput = lineInput({ type: 'text', inputMode: 'url', autoComplete: 'off', spellCheck: false, autoCapitalize: 'none' })

/** Text of many lines; grows with what is written. */
export function ParagraphInput(props: InputProps) {
  return (
    <Textarea
      {...shared(props)}
      autosize
      minRows={3}
      maxRows={14}
      maxLength={props.settings.maxLength}
      value={textValue(props.value)}
      onChange={event => props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  )
}

/** JSON as text. What does not parse is kept as the text it is, and validation says so. */
export function JsonInput(props: InputProps) {
  const [text, setText] = useState(() => (props.value === undefined ? '' : JSON.stringify(props.value, null, 2)))
  return (
    <Textarea
      {...shared(props)}
      autosize
      minRows={4}
      maxRows={18}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      value={text}
      onChange={event => {
        setText(event.currentTarget.value)
        props.onChange(readJson(event.currentTarget.value))
      }}
    />
  )
}

function readJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
