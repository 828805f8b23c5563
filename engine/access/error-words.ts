/** What access refuses, in Russian, Ukrainian and Spanish, and what operations are called in them. */
import type { Locale } from '../kernel/context.ts'
import { say } from '../kernel/say.ts'
import type { CompiledEntity, Operation } from '../model/types.ts'

/** An operation on an entity, spoken of in the reader's language. */
export interface Refused {
  readonly operation: Operation
  readonly entity: Pick<CompiledEntity, 'key' | 'labels'>
}

interface Named {
  readonly operation: Operation
  readonly label: string
}
interface Labelled {
  readonly label: string
}

type Other = Exclude<Locale, 'en'>

const OPERATIONS: Readonly<Record<Other, Readonly<Record<Operation, string>>>> = {
  ru: {
    create: 'создание',
    read: 'чтение',
    update: 'изменение',
    delete: 'удаление',
    restore: 'восстановление',
    export: 'выгрузка',
    reveal: 'раскрытие',
  },
  uk: {
    create: 'створення',
    read: 'читання',
    update: 'зміна',
    delete: 'видалення',
    restore: 'відновлення',
    export: 'вивантаження',
    reveal: 'розкриття',
  },
  es: {
    create: 'crear',
    read: 'leer',
    update: 'modificar',
    delete: 'eliminar',
    restore: 'restaurar',
    export: 'exportar',
    reveal: 'revelar',
  },
}

/** The entity's label in a language, English where it has none. */
export function labelOf({ key, labels }: Refused['entity'], locale: Locale): string {
  return labels[locale] ?? labels['en'] ?? key
}

export const words = {
  OPERATION_FORBIDDEN: say<Refused>(
    ['Это вам не разрешено', p => `Ваша роль не разрешает для «${labelOf(p.entity, 'ru')}» операцию «${OPERATIONS.ru[p.operation]}».`],
    ['Це вам не дозволено', p => `Ваша роль не дозволяє для «${labelOf(p.entity, 'uk')}» операцію «${OPERATIONS.uk[p.operation]}».`],
    ['No puede hacer esto', p => `Su rol no permite la operación «${OPERATIONS.es[p.operation]}» en «${labelOf(p.entity, 'es')}».`],
  ),
  ROW_FORBIDDEN: say<Named>(
    [
      'Эту запись вам нельзя изменить',
      p => `Ваша роль не разрешает для этой записи («${p.label}») операцию «${OPERATIONS.ru[p.operation]}».`,
    ],
    [
      'Цей запис вам не можна змінити',
      p => `Ваша роль не дозволяє для цього запису («${p.label}») операцію «${OPERATIONS.uk[p.operation]}».`,
    ],
    [
      'No puede cambiar este registro',
      p => `Su rol no permite la operación «${OPERATIONS.es[p.operation]}» en este registro de «${p.label}».`,
    ],
  ),
  RESULT_FORBIDDEN: say<Labelled>(
    [
      'Запись вышла бы за пределы того, с чем вы работаете',
      p => `С такими значениями запись «${p.label}» вам больше не принадлежала бы.`,
      'Проверьте владельца и подразделение записи.',
    ],
    [
      'Запис вийшов би за межі того, з чим ви працюєте',
      p => `З такими значеннями запис «${p.label}» вам більше не належав би.`,
      'Перевірте власника й підрозділ запису.',
    ],
    [
      'El registro quedaría fuera de su ámbito de trabajo',
      p => `Con estos valores, el registro de «${p.label}» dejaría de estar a su alcance.`,
      'Compruebe el propietario y la unidad del registro.',
    ],
  ),
  VALUES_FORBIDDEN: say<Labelled>(
    ['Эти значения вам нельзя указать', p => `Ваша роль не разрешает такие значения для «${p.label}».`],
    ['Ці значення вам не можна вказати', p => `Ваша роль не дозволяє таких значень для «${p.label}».`],
    ['No puede poner estos valores', p => `Su rol no permite estos valores en «${p.label}».`],
  ),
  CAPABILITY_MISSING: say<{ readonly capability: string }>(
    ['Это вам не разрешено', p => `Для этого нужно право ${p.capability}.`],
    ['Це вам не дозволено', p => `Для цього потрібне право ${p.capability}.`],
    ['No puede hacer esto', p => `Para esto se necesita la capacidad ${p.capability}.`],
  ),
}
