/** What the model room refuses. */
import { defineErrors } from '../kernel/errors.ts'
import { say } from '../kernel/say.ts'

interface Pack {
  readonly pack: string
  readonly known: readonly string[]
}

export const modelErrors = defineErrors('MODEL', {
  BUSY: {
    status: 503,
    title: 'Too many changes of the model at once',
    message: () => 'Other changes of this workspace’s model are still being checked.',
    hint: () => 'Try again in a few seconds.',
    translations: say<unknown>(
      ['Слишком много изменений модели', 'Другие изменения модели этой организации ещё проверяются.', 'Повторите через несколько секунд.'],
      ['Забагато змін моделі', 'Інші зміни моделі цієї організації ще перевіряються.', 'Повторіть за кілька секунд.'],
      [
        'Demasiados cambios del modelo a la vez',
        'Aún se están comprobando otros cambios del modelo de esta organización.',
        'Inténtelo de nuevo en unos segundos.',
      ],
    ),
  },
  UNAVAILABLE: {
    status: 503,
    title: 'The model can not be loaded',
    message: () => 'The metadata of this tenant can not be loaded at the moment.',
    hint: () => 'Try again in a moment; tell your administrator if it lasts.',
    translations: say<unknown>(
      [
        'Модель не загружается',
        'Метаданные этого клиента сейчас не удаётся загрузить.',
        'Повторите чуть позже; если не проходит, сообщите администратору.',
      ],
      [
        'Модель не завантажується',
        'Метадані цього клієнта зараз не вдається завантажити.',
        'Повторіть трохи згодом; якщо не минає, повідомте адміністратора.',
      ],
      [
        'No se puede cargar el modelo',
        'Los metadatos de este cliente no se pueden cargar en este momento.',
        'Inténtelo de nuevo en un momento; si persiste, avise a su administrador.',
      ],
    ),
  },
  UNKNOWN_PACK: {
    status: 422,
    title: 'There is no such pack',
    message: (p: Pack) => `There is no pack “${p.pack}”.`,
    hint: (p: Pack) => `Known packs: ${p.known.join(', ')}.`,
    translations: say<Pack>(
      ['Такого пакета нет', p => `Пакета «${p.pack}» нет.`, p => `Известные пакеты: ${p.known.join(', ')}.`],
      ['Такого пакета немає', p => `Пакета «${p.pack}» немає.`, p => `Відомі пакети: ${p.known.join(', ')}.`],
      ['No existe ese paquete', p => `No existe el paquete «${p.pack}».`, p => `Paquetes conocidos: ${p.known.join(', ')}.`],
    ),
  },
})
