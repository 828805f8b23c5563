/** What the records room refuses, in Russian, Ukrainian and Spanish. */
import { say } from '../kernel/say.ts'

interface Limit {
  readonly limit: number
}

export const words = {
  VERSION_STALE: say<{ readonly version: number }>(
    ['Запись тем временем изменилась', p => `Сейчас у записи версия ${p.version}.`, 'Прочтите её снова и повторите изменение.'],
    ['Запис тим часом змінився', p => `Зараз запис має версію ${p.version}.`, 'Прочитайте його знову й повторіть зміну.'],
    ['El registro ha cambiado entretanto', p => `El registro está ahora en la versión ${p.version}.`, 'Léalo de nuevo y repita el cambio.'],
  ),
  CHANGED_MEANWHILE: say(
    ['Запись тем временем изменилась', 'Вклинилось другое изменение.', 'Прочтите запись снова и повторите изменение.'],
    ['Запис тим часом змінився', 'Втрутилася інша зміна.', 'Прочитайте запис знову й повторіть зміну.'],
    ['El registro ha cambiado entretanto', 'Se interpuso otro cambio.', 'Lea el registro de nuevo y repita el cambio.'],
  ),
  NOT_UNIQUE: say(
    ['Такая запись уже есть', 'Запись с этими значениями уже есть.'],
    ['Такий запис уже є', 'Запис із цими значеннями вже є.'],
    ['Ya existe un registro así', 'Ya existe un registro con estos valores.'],
  ),
  NOT_POSSIBLE: say(
    ['Это невозможно', 'Этому мешают другие записи.', 'Сначала измените или удалите записи, которые ссылаются на эту.'],
    ['Це неможливо', 'Цьому заважають інші записи.', 'Спочатку змініть або видаліть записи, які посилаються на цей.'],
    ['No es posible', 'Otros registros lo impiden.', 'Cambie o elimine primero los registros que hacen referencia a este.'],
  ),
  TOO_MANY_OPERATIONS: say<Limit>(
    ['Слишком много операций', p => `За один раз возможно операций: ${p.limit}, не больше (bulk_operations).`],
    ['Забагато операцій', p => `За один раз можливо операцій: ${p.limit}, не більше (bulk_operations).`],
    ['Hay demasiadas operaciones', p => `Se admiten como máximo ${p.limit} operaciones a la vez (bulk_operations).`],
  ),
  NOT_CONVERTIBLE: say(
    ['Эту запись нельзя конвертировать', 'Запись не в том состоянии, в котором её можно конвертировать.'],
    ['Цей запис не можна конвертувати', 'Запис не в тому стані, у якому його можна конвертувати.'],
    ['Este registro no se puede convertir', 'El registro no está en un estado en el que se pueda convertir.'],
  ),
  CONVERSION_FORBIDDEN: say(
    ['Эту запись вам нельзя конвертировать', 'Ваша роль разрешает не всё, что создаётся при конвертации.'],
    ['Цей запис вам не можна конвертувати', 'Ваша роль дозволяє не все, що створюється під час конвертації.'],
    ['No puede convertir este registro', 'Su rol no permite todo lo que crea la conversión.'],
  ),
  REVEALS_USED_UP: say<Limit>(
    [
      'На сегодня раскрытий достаточно',
      p => `Ваша роль разрешает раскрывать значений в день: ${p.limit}.`,
      'Повторите завтра или спросите того, кому поле видно.',
    ],
    [
      'На сьогодні розкриттів досить',
      p => `Ваша роль дозволяє розкривати значень на день: ${p.limit}.`,
      'Повторіть завтра або запитайте того, кому поле видно.',
    ],
    [
      'Ya ha revelado bastante por hoy',
      p => `Su rol permite revelar ${p.limit} valores al día.`,
      'Inténtelo mañana o pregunte a quien pueda leer el campo.',
    ],
  ),
  CASCADE_TOO_DEEP: say(
    ['Это невозможно', 'Изменение затронуло бы слишком много записей.'],
    ['Це неможливо', 'Зміна зачепила б забагато записів.'],
    ['No es posible', 'El cambio alcanzaría demasiados registros.'],
  ),
}
