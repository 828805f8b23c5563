/** What the guards refuse, in words. */
import { defineErrors } from '../kernel/errors.ts'

interface Wait {
  readonly seconds: number
}

export const guardErrors = defineErrors('GUARD', {
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests',
    message: () => 'Requests are coming faster than allowed.',
    hint: (p: Wait) => `Try again in ${p.seconds} s.`,
    translations: {
      ru: {
        title: 'Слишком много запросов',
        message: () => 'Запросы поступают чаще, чем разрешено.',
        hint: (p: Wait) => `Повторите через ${p.seconds} с.`,
      },
      uk: {
        title: 'Забагато запитів',
        message: () => 'Запити надходять частіше, ніж дозволено.',
        hint: (p: Wait) => `Повторіть через ${p.seconds} с.`,
      },
      es: {
        title: 'Demasiadas solicitudes',
        message: () => 'Las solicitudes llegan más rápido de lo permitido.',
        hint: (p: Wait) => `Inténtelo de nuevo en ${p.seconds} s.`,
      },
    },
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'This idempotency key belongs to another request',
    message: () => 'The same Idempotency-Key came with a different address or body.',
    hint: () => 'Send a new key for a new request, and the same body when you repeat one.',
    translations: {
      ru: {
        title: 'Этот ключ идемпотентности принадлежит другому запросу',
        message: () => 'Тот же Idempotency-Key пришёл с другим адресом или телом.',
        hint: () => 'Для нового запроса берите новый ключ, а повтор присылайте с тем же телом.',
      },
      uk: {
        title: 'Цей ключ ідемпотентності належить іншому запиту',
        message: () => 'Той самий Idempotency-Key надійшов з іншою адресою або тілом.',
        hint: () => 'Для нового запиту беріть новий ключ, а повтор надсилайте з тим самим тілом.',
      },
      es: {
        title: 'Esta clave de idempotencia pertenece a otra solicitud',
        message: () => 'El mismo Idempotency-Key llegó con otra dirección u otro cuerpo.',
        hint: () => 'Use una clave nueva para cada solicitud y el mismo cuerpo al repetirla.',
      },
    },
  },
})
