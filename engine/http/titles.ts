/** What members of requests are called that are the same in every tenant, in every language: in problems and in descriptions. */
import type { Translations } from '../../metadata/sentences/translations.ts'
import type { Locale } from '../kernel/context.ts'

/** By the English title in the schema of a route. */
export const TITLES = {
  Action: ['Действие', 'Дія', 'Acción'],
  Actor: ['Кто действовал', 'Хто діяв', 'Quién actuó'],
  Addresses: ['IP-адреса', 'IP-адреси', 'Direcciones IP'],
  Administrator: ['Администратор', 'Адміністратор', 'Administrador'],
  After: ['После', 'Після', 'Después de'],
  Atomic: ['Всё или ничего', 'Усе або нічого', 'Todo o nada'],
  Before: ['До', 'До', 'Antes de'],
  Body: ['Тело', 'Тіло', 'Cuerpo'],
  Conversion: ['Преобразование', 'Перетворення', 'Conversión'],
  Currency: ['Валюта', 'Валюта', 'Moneda'],
  'Current password': ['Текущий пароль', 'Поточний пароль', 'Contraseña actual'],
  Document: ['Документ', 'Документ', 'Documento'],
  'E-mail': ['Эл. почта', 'Ел. пошта', 'Correo electrónico'],
  Entities: ['Сущности', 'Сутності', 'Entidades'],
  Entity: ['Сущность', 'Сутність', 'Entidad'],
  Everywhere: ['Везде', 'Усюди', 'En todas partes'],
  'Expires at': ['Действует до', 'Діє до', 'Caduca el'],
  Field: ['Поле', 'Поле', 'Campo'],
  'First day of the week': ['Первый день недели', 'Перший день тижня', 'Primer día de la semana'],
  Format: ['Формат', 'Формат', 'Formato'],
  From: ['Начиная с', 'Починаючи з', 'Desde'],
  Key: ['Ключ', 'Ключ', 'Clave'],
  Kind: ['Вид', 'Вид', 'Tipo'],
  'Kind of person': ['Тип пользователя', 'Тип користувача', 'Tipo de persona'],
  Language: ['Язык', 'Мова', 'Idioma'],
  Limit: ['Не больше', 'Не більше', 'Como máximo'],
  Mode: ['Режим', 'Режим', 'Modo'],
  Name: ['Имя', 'Ім’я', 'Nombre'],
  'New password': ['Новый пароль', 'Новий пароль', 'Contraseña nueva'],
  Note: ['Примечание', 'Примітка', 'Nota'],
  Operations: ['Операции', 'Операції', 'Operaciones'],
  Packs: ['Пакеты', 'Пакети', 'Paquetes'],
  Password: ['Пароль', 'Пароль', 'Contraseña'],
  Profiles: ['Профили', 'Профілі', 'Perfiles'],
  Query: ['Запрос', 'Запит', 'Consulta'],
  Reason: ['Причина', 'Причина', 'Motivo'],
  Record: ['Запись', 'Запис', 'Registro'],
  Roles: ['Роли', 'Ролі', 'Roles'],
  Search: ['Поиск', 'Пошук', 'Búsqueda'],
  State: ['Состояние', 'Стан', 'Estado'],
  Status: ['Статус', 'Статус', 'Estado'],
  Tenant: ['Организация', 'Організація', 'Organización'],
  'Time zone': ['Часовой пояс', 'Часовий пояс', 'Zona horaria'],
  To: ['По', 'По', 'Hasta'],
  Token: ['Токен из ссылки', 'Токен із посилання', 'Token del enlace'],
  Unit: ['Подразделение', 'Підрозділ', 'Unidad'],
  User: ['Пользователь', 'Користувач', 'Usuario'],
  Values: ['Значения', 'Значення', 'Valores'],
} as const satisfies Readonly<Record<string, Translations>>

const known: Readonly<Record<string, Translations>> = TITLES

/** A title in a language; one that nobody listed is said as it is. */
export function titleIn(title: string, locale: Locale): string {
  if (locale === 'en' || !Object.hasOwn(known, title)) return title
  const [ru = title, uk = title, es = title] = known[title] ?? []
  return { ru, uk, es }[locale]
}
