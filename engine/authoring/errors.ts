/** What authoring refuses, in words. Authors may know every name of the model: nothing here has to be kept from them. */
import type { Locale } from '../kernel/context.ts'
import { defineErrors, type ErrorDefinition } from '../kernel/errors.ts'

type Words<P> = readonly [title: string, message: (params: P) => string, hint?: (params: P) => string]

function define<P>(status: number, said: Readonly<Record<Locale, Words<P>>>): ErrorDefinition<P> {
  const words = ([title, message, hint]: Words<P>) => ({ title, message, ...(hint === undefined ? {} : { hint }) })
  return { status, ...words(said.en), translations: { ru: words(said.ru), uk: words(said.uk), es: words(said.es) } }
}

type Nothing = Record<string, never>
interface Document {
  readonly kind: string
  readonly key: string
}
interface Packed extends Document {
  readonly pack: string
}
interface Version {
  readonly version: number
}
interface Count {
  readonly count: number
}
interface Limit {
  readonly limit: string
}
interface Named {
  readonly name: string
}

interface TooMany {
  readonly what: 'parts' | 'entities' | 'fields' | 'formulas'
  readonly count: number
  readonly limit: number
}

const WHAT: Readonly<Record<Locale, Readonly<Record<TooMany['what'], string>>>> = {
  en: { parts: 'parts', entities: 'entities', fields: 'fields', formulas: 'formulas' },
  ru: { parts: 'частей', entities: 'сущностей', fields: 'полей', formulas: 'формул' },
  uk: { parts: 'частин', entities: 'сутностей', fields: 'полів', formulas: 'формул' },
  es: { parts: 'partes', entities: 'entidades', fields: 'campos', formulas: 'fórmulas' },
}

export const authoringErrors = defineErrors('AUTHORING', {
  VERSION_REQUIRED: define<Version>(428, {
    en: [
      'Say which version you mean',
      () => 'This document stands in the draft already.',
      p => `Send the version you have seen: if-match: "${p.version}".`,
    ],
    ru: ['Укажите версию', () => 'Этот документ уже есть в черновике.', p => `Отправьте увиденную версию: if-match: "${p.version}".`],
    uk: ['Укажіть версію', () => 'Цей документ уже є в чернетці.', p => `Надішліть побачену версію: if-match: "${p.version}".`],
    es: [
      'Diga a qué versión se refiere',
      () => 'Este documento ya está en el borrador.',
      p => `Envíe la versión que ha visto: if-match: "${p.version}".`,
    ],
  }),
  VERSION_STALE: define<Version>(412, {
    en: [
      'The draft has changed meanwhile',
      p => `The document stands at version ${p.version} of the draft now; 0 means that it is not in it.`,
      () => 'Read it again and repeat the change.',
    ],
    ru: [
      'Черновик тем временем изменился',
      p => `Сейчас документ в черновике имеет версию ${p.version}; 0 означает, что его там нет.`,
      () => 'Прочитайте его снова и повторите изменение.',
    ],
    uk: [
      'Чернетка тим часом змінилася',
      p => `Тепер документ у чернетці має версію ${p.version}; 0 означає, що його там немає.`,
      () => 'Прочитайте його знову й повторіть зміну.',
    ],
    es: [
      'El borrador ha cambiado entretanto',
      p => `El documento está ahora en la versión ${p.version} del borrador; 0 significa que no está en él.`,
      () => 'Léalo de nuevo y repita el cambio.',
    ],
  }),
  MISPLACED: define<Document>(422, {
    en: ['The document belongs elsewhere', p => `The address says ${p.kind}/${p.key}, the document says otherwise.`],
    ru: ['Документ относится к другому месту', p => `В адресе указано ${p.kind}/${p.key}, а в документе другое.`],
    uk: ['Документ належить до іншого місця', p => `В адресі вказано ${p.kind}/${p.key}, а в документі інше.`],
    es: ['El documento corresponde a otro lugar', p => `La dirección dice ${p.kind}/${p.key}; el documento dice otra cosa.`],
  }),
  PACK_DOCUMENT: define<Packed>(409, {
    en: [
      'This document belongs to a pack',
      p => `${p.kind}/${p.key} comes with the pack “${p.pack}” and can not be deleted.`,
      () => 'Hide fields by "hidden_fields", leave views out of the navigation, take rights out of profiles.',
    ],
    ru: [
      'Этот документ принадлежит пакету',
      p => `${p.kind}/${p.key} поставляется с пакетом «${p.pack}», удалить его нельзя.`,
      () => 'Скройте поля через "hidden_fields", уберите представления из меню, права из профилей.',
    ],
    uk: [
      'Цей документ належить пакету',
      p => `${p.kind}/${p.key} постачається з пакетом «${p.pack}», видалити його не можна.`,
      () => 'Приховайте поля через "hidden_fields", приберіть подання з меню, права з профілів.',
    ],
    es: [
      'Este documento pertenece a un paquete',
      p => `${p.kind}/${p.key} viene con el paquete «${p.pack}» y no se puede eliminar.`,
      () => 'Oculte campos con "hidden_fields", quite vistas del menú y derechos de los perfiles.',
    ],
  }),
  TOO_LARGE: define<Limit>(422, {
    en: ['The overlay is too large', p => `All documents of a tenant together may have up to ${p.limit}.`],
    ru: ['Слишком большой набор документов', p => `Все документы организации вместе могут занимать до ${p.limit}.`],
    uk: ['Завеликий набір документів', p => `Усі документи організації разом можуть займати до ${p.limit}.`],
    es: ['El conjunto de documentos es demasiado grande', p => `Todos los documentos de una organización pueden ocupar hasta ${p.limit}.`],
  }),
  TOO_MANY_PARTS: define<TooMany>(422, {
    en: [
      'The overlay is too large',
      p => `All documents of a tenant together may have ${p.limit} ${WHAT.en[p.what]}; these have ${p.count}.`,
      () => 'Take away what is no longer used.',
    ],
    ru: [
      'Слишком большой набор документов',
      p => `Все документы организации вместе: ${WHAT.ru[p.what]} не больше ${p.limit}, а здесь ${p.count}.`,
      () => 'Уберите то, что больше не используется.',
    ],
    uk: [
      'Завеликий набір документів',
      p => `Усі документи організації разом: ${WHAT.uk[p.what]} не більше ${p.limit}, а тут ${p.count}.`,
      () => 'Приберіть те, що більше не використовується.',
    ],
    es: [
      'El conjunto de documentos es demasiado grande',
      p => `Todos los documentos de una organización pueden tener ${p.limit} ${WHAT.es[p.what]}; estos tienen ${p.count}.`,
      () => 'Quite lo que ya no se usa.',
    ],
  }),
  NOTHING_TO_PUBLISH: define<Nothing>(409, {
    en: ['There is nothing to publish', () => 'The draft does not differ from the live model.'],
    ru: ['Нечего публиковать', () => 'Черновик не отличается от действующей модели.'],
    uk: ['Немає чого публікувати', () => 'Чернетка не відрізняється від чинної моделі.'],
    es: ['No hay nada que publicar', () => 'El borrador no difiere del modelo vigente.'],
  }),
  DRAFT_BROKEN: define<Count>(422, {
    en: ['The draft does not hold together', p => (p.count === 1 ? 'One thing needs attention.' : `${p.count} things need attention.`)],
    ru: ['Черновик противоречив', p => `Требует внимания: ${p.count}.`],
    uk: ['Чернетка суперечлива', p => `Потребує уваги: ${p.count}.`],
    es: ['El borrador no es coherente', p => (p.count === 1 ? 'Una cosa requiere atención.' : `${p.count} cosas requieren atención.`)],
  }),
  DRAFT_MOVED: define<Nothing>(409, {
    en: [
      'The draft has changed meanwhile',
      () => 'Somebody changed or published the draft while it was being compiled. Nothing was published.',
      () => 'Look at the draft and publish again.',
    ],
    ru: [
      'Черновик тем временем изменился',
      () => 'Черновик изменили или опубликовали, пока он компилировался. Ничего не опубликовано.',
      () => 'Проверьте черновик и опубликуйте снова.',
    ],
    uk: [
      'Чернетка тим часом змінилася',
      () => 'Чернетку змінили або опублікували, поки вона компілювалася. Нічого не опубліковано.',
      () => 'Перевірте чернетку й опублікуйте знову.',
    ],
    es: [
      'El borrador ha cambiado entretanto',
      () => 'Alguien cambió o publicó el borrador mientras se compilaba. No se ha publicado nada.',
      () => 'Revise el borrador y publique de nuevo.',
    ],
  }),
  DRAFT_EXISTS: define<Nothing>(409, {
    en: [
      'There is a draft already',
      () => 'A revision can be brought back into an empty draft only.',
      () => 'Publish the draft or throw it away first.',
    ],
    ru: [
      'Черновик уже есть',
      () => 'Версию можно вернуть только в пустой черновик.',
      () => 'Сначала опубликуйте черновик или отмените его.',
    ],
    uk: ['Чернетка вже є', () => 'Версію можна повернути лише в порожню чернетку.', () => 'Спершу опублікуйте чернетку або скасуйте її.'],
    es: [
      'Ya hay un borrador',
      () => 'Una revisión solo se puede recuperar en un borrador vacío.',
      () => 'Publique el borrador o descártelo antes.',
    ],
  }),
  BUSY: define<Nothing>(503, {
    en: [
      'Records are being written',
      () => 'The model could not be changed between two writes. Nothing was published.',
      () => 'Try again in a moment.',
    ],
    ru: [
      'Идёт запись данных',
      () => 'Модель не удалось сменить между двумя записями. Ничего не опубликовано.',
      () => 'Повторите через мгновение.',
    ],
    uk: ['Триває запис даних', () => 'Модель не вдалося змінити між двома записами. Нічого не опубліковано.', () => 'Повторіть за мить.'],
    es: [
      'Se están escribiendo registros',
      () => 'No se pudo cambiar el modelo entre dos escrituras. No se ha publicado nada.',
      () => 'Inténtelo de nuevo en un momento.',
    ],
  }),
  MORE_THAN_HELD: define<Named>(403, {
    en: ['This is more than you hold yourself', p => `Nobody gives or takes what he does not hold: ${p.name}.`],
    ru: ['Это больше, чем есть у вас', p => `Нельзя дать или отнять то, чего нет у вас: ${p.name}.`],
    uk: ['Це більше, ніж маєте ви', p => `Не можна надати чи відібрати те, чого не маєте ви: ${p.name}.`],
    es: ['Es más de lo que usted tiene', p => `Nadie puede dar ni quitar lo que no tiene: ${p.name}.`],
  }),
  OWN_ROLE: define<Named>(403, {
    en: ['Not for yourself', p => `You hold the role ${p.name} yourself: what it gives is for somebody else to change.`],
    ru: ['Не для самого себя', p => `Роль ${p.name} есть у вас самих: что она даёт, меняет кто-то другой.`],
    uk: ['Не для самого себе', p => `Роль ${p.name} маєте ви самі: що вона надає, змінює хтось інший.`],
    es: ['No para usted mismo', p => `Usted mismo tiene el rol ${p.name}: lo que da lo cambia otra persona.`],
  }),
  TYPES_UNAVAILABLE: define<Nothing>(503, {
    en: [
      'The types can not be written now',
      () => 'The work was stopped because it took too long or too much memory.',
      () => 'Try again in a moment.',
    ],
    ru: [
      'Типы сейчас не получить',
      () => 'Работа остановлена: она заняла слишком много времени или памяти.',
      () => 'Повторите через мгновение.',
    ],
    uk: ['Типи зараз не отримати', () => 'Роботу зупинено: вона забрала забагато часу чи пам’яті.', () => 'Повторіть за мить.'],
    es: [
      'Ahora no se pueden escribir los tipos',
      () => 'El trabajo se detuvo porque llevaba demasiado tiempo o memoria.',
      () => 'Inténtelo de nuevo en un momento.',
    ],
  }),
})
