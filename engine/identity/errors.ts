/**
 * What identity refuses, in words. Answers to strangers (sign-in, refresh, tokens) have one wording each, whatever the reason:
 * they never tell whether a tenant, an address or a key exists.
 */
import { inReadersWords } from '../../metadata/said.ts'
import type { Locale } from '../kernel/context.ts'
import { defineErrors, type EngineError, type ErrorDefinition, type ErrorExtras } from '../kernel/errors.ts'

type Words<P> = readonly [title: string, message: (params: P) => string]

function define<P>(status: number, said: Readonly<Record<Locale, Words<P>>>): ErrorDefinition<P> {
  const words = ([title, message]: Words<P>) => ({ title, message })
  return { status, ...words(said.en), translations: { ru: words(said.ru), uk: words(said.uk), es: words(said.es) } }
}

type Nothing = Record<string, never>
interface Wait {
  readonly seconds: number
}
interface Named {
  readonly name: string
}

export const identityErrors = defineErrors('IDENTITY', {
  UNAUTHENTICATED: define<Nothing>(401, {
    en: ['Sign in first', () => 'This needs a valid access token or API key.'],
    ru: ['Сначала войдите', () => 'Нужен действующий токен доступа или ключ API.'],
    uk: ['Спочатку увійдіть', () => 'Потрібен чинний токен доступу або ключ API.'],
    es: ['Inicie sesión primero', () => 'Se necesita un token de acceso o una clave de API válidos.'],
  }),
  SIGN_IN_REFUSED: define<Nothing>(401, {
    en: ['Sign-in refused', () => 'Tenant, e-mail address and password do not belong together.'],
    ru: ['Вход отклонён', () => 'Организация, адрес почты и пароль не подходят друг к другу.'],
    uk: ['Вхід відхилено', () => 'Організація, адреса пошти та пароль не відповідають одне одному.'],
    es: ['Inicio de sesión rechazado', () => 'La organización, el correo y la contraseña no corresponden entre sí.'],
  }),
  REFRESH_REFUSED: define<Nothing>(401, {
    en: ['The session has ended', () => 'Sign in again.'],
    ru: ['Сеанс завершён', () => 'Войдите снова.'],
    uk: ['Сеанс завершено', () => 'Увійдіть знову.'],
    es: ['La sesión ha terminado', () => 'Inicie sesión de nuevo.'],
  }),
  REFRESH_RACED: define<Nothing>(409, {
    en: ['The session was just renewed', () => 'Another request has renewed this session a moment ago; use the newer cookie.'],
    ru: ['Сеанс только что продлён', () => 'Другой запрос только что продлил этот сеанс; повторите с новым cookie.'],
    uk: ['Сеанс щойно подовжено', () => 'Інший запит щойно подовжив цей сеанс; повторіть із новим cookie.'],
    es: ['La sesión se acaba de renovar', () => 'Otra petición acaba de renovar esta sesión; use la cookie nueva.'],
  }),
  CROSS_SITE: define<Nothing>(403, {
    en: ['Request from another site', () => 'This needs the header nexus-client or an origin of this installation.'],
    ru: ['Запрос с другого сайта', () => 'Нужен заголовок nexus-client или источник этой установки.'],
    uk: ['Запит з іншого сайту', () => 'Потрібен заголовок nexus-client або джерело цієї інсталяції.'],
    es: ['Petición de otro sitio', () => 'Se necesita la cabecera nexus-client o un origen de esta instalación.'],
  }),
  THROTTLED: define<Wait>(429, {
    en: ['Too many attempts', p => `Try again in ${p.seconds} seconds.`],
    ru: ['Слишком много попыток', p => `Повторите через ${p.seconds} с.`],
    uk: ['Забагато спроб', p => `Повторіть через ${p.seconds} с.`],
    es: ['Demasiados intentos', p => `Inténtelo de nuevo en ${p.seconds} s.`],
  }),
  BUSY: define<Nothing>(503, {
    en: ['Many people are signing in', () => 'Try again in a moment.'],
    ru: ['Сейчас входят многие', () => 'Повторите через мгновение.'],
    uk: ['Зараз входить багато людей', () => 'Повторіть за мить.'],
    es: ['Muchas personas están iniciando sesión', () => 'Inténtelo de nuevo en un momento.'],
  }),
  LINK_INVALID: define<Nothing>(422, {
    en: ['This link no longer works', () => 'It was used, replaced by a newer one, or is too old. Ask for another.'],
    ru: ['Ссылка больше не действует', () => 'Её уже использовали, заменили новой, или она устарела. Запросите другую.'],
    uk: ['Посилання більше не діє', () => 'Його вже використали, замінили новим, або воно застаріло. Запросіть інше.'],
    es: ['Este enlace ya no sirve', () => 'Se usó, se sustituyó por otro más nuevo o es demasiado antiguo. Pida otro.'],
  }),
  PASSWORD_REFUSED: define<Nothing>(422, {
    en: ['Choose another password', () => 'The password does not meet the rules.'],
    ru: ['Выберите другой пароль', () => 'Пароль не соответствует правилам.'],
    uk: ['Виберіть інший пароль', () => 'Пароль не відповідає правилам.'],
    es: ['Elija otra contraseña', () => 'La contraseña no cumple las reglas.'],
  }),
  PASSWORD_WRONG: define<Nothing>(422, {
    en: ['The current password is wrong', () => 'Nothing was changed.'],
    ru: ['Текущий пароль неверен', () => 'Ничего не изменено.'],
    uk: ['Поточний пароль неправильний', () => 'Нічого не змінено.'],
    es: ['La contraseña actual no es correcta', () => 'No se ha cambiado nada.'],
  }),
  EMAIL_TAKEN: define<Nothing>(409, {
    en: ['Not possible with this e-mail address', () => 'Another user of this tenant signs in with it.'],
    ru: ['Этот адрес почты использовать нельзя', () => 'С ним входит другой пользователь этой организации.'],
    uk: ['Цю адресу пошти використати не можна', () => 'З нею входить інший користувач цієї організації.'],
    es: ['No es posible con este correo', () => 'Otro usuario de esta organización inicia sesión con él.'],
  }),
  ROLE_UNKNOWN: define<Named>(422, {
    en: ['There is no such role', p => `The role “${p.name}” does not exist.`],
    ru: ['Такой роли нет', p => `Роли «${p.name}» не существует.`],
    uk: ['Такої ролі немає', p => `Ролі «${p.name}» не існує.`],
    es: ['No existe ese rol', p => `El rol «${p.name}» no existe.`],
  }),
  ADDRESS_INVALID: define<Named>(422, {
    en: ['This is not an address or network', p => `“${p.name}” is neither an IP address nor a network such as 192.0.2.0/24.`],
    ru: ['Это не адрес и не сеть', p => `«${p.name}» — не IP-адрес и не сеть вида 192.0.2.0/24.`],
    uk: ['Це не адреса й не мережа', p => `«${p.name}» — не IP-адреса й не мережа на зразок 192.0.2.0/24.`],
    es: ['No es una dirección ni una red', p => `«${p.name}» no es una dirección IP ni una red como 192.0.2.0/24.`],
  }),
  EXPIRY_PAST: define<Nothing>(422, {
    en: ['The expiry lies in the past', () => 'Choose a later time.'],
    ru: ['Срок уже истёк', () => 'Выберите более позднее время.'],
    uk: ['Строк уже минув', () => 'Виберіть пізніший час.'],
    es: ['La caducidad ya ha pasado', () => 'Elija una hora posterior.'],
  }),
  TIME_ZONE_UNKNOWN: define<Named>(422, {
    en: ['There is no such time zone', p => `“${p.name}” is not a time zone such as Europe/Madrid.`],
    ru: ['Такого часового пояса нет', p => `«${p.name}» — не часовой пояс вида Europe/Madrid.`],
    uk: ['Такого часового поясу немає', p => `«${p.name}» — не часовий пояс на зразок Europe/Madrid.`],
    es: ['No existe esa zona horaria', p => `«${p.name}» no es una zona horaria como Europe/Madrid.`],
  }),
  MORE_THAN_HELD: define<Nothing>(403, {
    en: ['This is more than you hold yourself', () => 'Nobody can give, take or manage rights or units beyond his own.'],
    ru: ['Это больше, чем есть у вас', () => 'Нельзя давать, отнимать и вести права и подразделения сверх собственных.'],
    uk: ['Це більше, ніж маєте ви', () => 'Не можна надавати, забирати й вести права та підрозділи понад власні.'],
    es: ['Es más de lo que usted tiene', () => 'Nadie puede dar, quitar ni gestionar derechos o unidades que no tiene.'],
  }),
  SELF_EDIT: define<Nothing>(403, {
    en: ['Not for yourself', () => 'Your own roles, unit and lock are for another administrator to change.'],
    ru: ['Не для самого себя', () => 'Ваши роли, подразделение и блокировку меняет другой администратор.'],
    uk: ['Не для самого себе', () => 'Ваші ролі, підрозділ і блокування змінює інший адміністратор.'],
    es: ['No para usted mismo', () => 'Sus roles, su unidad y su bloqueo los cambia otro administrador.'],
  }),
  ADDRESS_OF_ACCOUNT: define<Nothing>(422, {
    en: ['This person signs in with the address', () => 'Change it where users are managed; the record follows.'],
    ru: ['С этим адресом человек входит', () => 'Измените его там, где ведут пользователей; запись последует за ним.'],
    uk: ['З цією адресою людина входить', () => 'Змініть її там, де ведуть користувачів; запис піде за нею.'],
    es: ['La persona inicia sesión con ese correo', () => 'Cámbielo donde se gestionan los usuarios; el registro lo seguirá.'],
  }),
  LAST_ADMIN: define<Nothing>(409, {
    en: ['Someone must be left to manage users', () => 'After this nobody could manage users and roles any more.'],
    ru: ['Кто-то должен управлять пользователями', () => 'После этого никто не мог бы вести пользователей и роли.'],
    uk: ['Хтось має керувати користувачами', () => 'Після цього ніхто не міг би вести користувачів і ролі.'],
    es: ['Alguien debe poder gestionar usuarios', () => 'Después de esto nadie podría gestionar usuarios y roles.'],
  }),
  TENANT_EXISTS: define<Named>(409, {
    en: ['This key is taken', p => `There is already a tenant “${p.name}”.`],
    ru: ['Этот ключ занят', p => `Организация «${p.name}» уже есть.`],
    uk: ['Цей ключ зайнято', p => `Організація «${p.name}» вже є.`],
    es: ['Esta clave está ocupada', p => `Ya existe la organización «${p.name}».`],
  }),
  NO_ADMIN_ROLE: define<Nothing>(422, {
    en: ['These packs have no administrator', () => 'One of them must bring the role “admin” with users.manage and roles.manage.'],
    ru: ['В этих пакетах нет администратора', () => 'Один из них должен содержать роль «admin» с users.manage и roles.manage.'],
    uk: ['У цих пакетах немає адміністратора', () => 'Один із них має містити роль «admin» з users.manage і roles.manage.'],
    es: ['Estos paquetes no tienen administrador', () => 'Uno de ellos debe traer el rol «admin» con users.manage y roles.manage.'],
  }),
  STALE: define<Nothing>(409, {
    en: ['Something changed meanwhile', () => 'The model or your rights changed while this ran. Try again.'],
    ru: ['Тем временем что-то изменилось', () => 'Модель или ваши права изменились во время выполнения. Повторите.'],
    uk: ['Тим часом щось змінилося', () => 'Модель або ваші права змінилися під час виконання. Повторіть.'],
    es: ['Algo ha cambiado entretanto', () => 'El modelo o sus derechos cambiaron durante la ejecución. Inténtelo de nuevo.'],
  }),
})

/** The one answer to every token, key or session that does not count: which of the reasons it was is for the log alone. */
export function unauthenticated(): EngineError {
  return identityErrors.UNAUTHENTICATED({}, { headers: { 'www-authenticate': 'Bearer realm="nexus"' } })
}

/** A refusal with the place of the value it is about. */
export function atPlace<P>(
  make: (params: P, extras?: ErrorExtras) => EngineError,
  params: P,
  pointer: string,
  locale: Locale,
): EngineError {
  const { code, speak } = make(params)
  return make(params, { errors: [{ pointer, code, message: inReadersWords(speak(locale).detail) }] })
}

/** 429 with the time after which another attempt counts. */
export function throttled(seconds: number): EngineError {
  return identityErrors.THROTTLED({ seconds }, { headers: { 'retry-after': String(seconds) } })
}
