import { expect, test } from 'vitest'
import { defineErrors, EngineError, listErrorCodes } from './errors.ts'

interface Cold {
  degrees: number
}

const errors = defineErrors('WEATHER', {
  TOO_COLD: {
    status: 422,
    title: 'Too cold',
    message: (p: Cold) => `It is ${p.degrees} degrees.`,
    hint: (p: Cold) => (p.degrees < -20 ? 'Stay at home.' : undefined),
    translations: { ru: { title: 'Слишком холодно', message: (p: Cold) => `Сейчас ${p.degrees} градусов.` } },
  },
})

test('an error carries code, status and English words', () => {
  const error = errors.TOO_COLD({ degrees: -30 })
  expect(error).toBeInstanceOf(EngineError)
  expect([error.code, error.status, error.title, error.message, error.hint]).toEqual([
    'WEATHER_TOO_COLD',
    422,
    'Too cold',
    'It is -30 degrees.',
    'Stay at home.',
  ])
})

test('an error speaks the language it is asked for and English where it was not translated', () => {
  const error = errors.TOO_COLD({ degrees: -5 })
  expect(error.speak('ru')).toEqual({ title: 'Слишком холодно', detail: 'Сейчас -5 градусов.', hint: undefined })
  expect(error.speak('es')).toEqual({ title: 'Too cold', detail: 'It is -5 degrees.', hint: undefined })
})

test('a code can be declared only once', () => {
  expect(() => defineErrors('WEATHER', { TOO_COLD: { status: 400, title: '', message: () => '' } })).toThrow('declared twice')
  expect(listErrorCodes()).toContainEqual({ code: 'WEATHER_TOO_COLD', status: 422, title: 'Too cold' })
})
