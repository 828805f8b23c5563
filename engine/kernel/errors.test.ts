import { expect, test } from 'vitest'
import { defineErrors, EngineError, listErrorCodes } from './errors.ts'
import { say } from './say.ts'

interface Cold {
  degrees: number
}

const errors = defineErrors('WEATHER', {
  TOO_COLD: {
    status: 422,
    title: 'Too cold',
    message: (p: Cold) => `It is ${p.degrees} degrees.`,
    hint: (p: Cold) => (p.degrees < -20 ? 'Stay at home.' : undefined),
    translations: say<Cold>(
      ['Слишком холодно', p => `Сейчас ${p.degrees} градусов.`],
      ['Занадто холодно', p => `Зараз ${p.degrees} градусів.`],
      ['Demasiado frío', p => `Hace ${p.degrees} grados.`, 'Quédese en casa.'],
    ),
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

test('an error speaks the language it is asked for', () => {
  const error = errors.TOO_COLD({ degrees: -5 })
  expect(error.speak('ru')).toEqual({ title: 'Слишком холодно', detail: 'Сейчас -5 градусов.', hint: undefined })
  expect(error.speak('es')).toEqual({ title: 'Demasiado frío', detail: 'Hace -5 grados.', hint: 'Quédese en casa.' })
})

test('a code can be declared only once', () => {
  const translations = say<unknown>(['', ''], ['', ''], ['', ''])
  expect(() => defineErrors('WEATHER', { TOO_COLD: { status: 400, title: '', message: () => '', translations } })).toThrow('declared twice')
  expect(listErrorCodes()).toContainEqual(expect.objectContaining({ code: 'WEATHER_TOO_COLD', status: 422, title: 'Too cold' }))
})
