/**
 * What the document says of operations, in every language: the English words are the name of their translations, so that whoever writes an
 * operation writes plain words, and they stand here in Russian, Ukrainian and Spanish or do not compile.
 */
import type { Translations } from '../../../metadata/sentences/translations.ts'
import { sayerOf } from '../../kernel/phrases.ts'
import { TITLES } from '../titles.ts'
import { RECORD_PHRASES } from './record-phrases.ts'
import { SCHEMA_PHRASES } from './schema-phrases.ts'

export type { Fill } from '../../kernel/phrases.ts'

const PHRASES = {
  ...TITLES,
  ...RECORD_PHRASES,
  ...SCHEMA_PHRASES,

  // Of the document
  'Sign in and out': ['Вход и выход', 'Вхід і вихід', 'Entrar y salir'],
  'Who you are': ['Кто вы', 'Хто ви', 'Quién es usted'],
  'What exists for you': ['Что для вас существует', 'Що для вас існує', 'Lo que existe para usted'],
  'Records out of files': ['Записи из файлов', 'Записи з файлів', 'Registros desde archivos'],
  'People, keys, sessions, the audit': [
    'Люди, ключи, сеансы, аудит',
    'Люди, ключі, сеанси, аудит',
    'Personas, claves, sesiones, auditoría',
  ],
  'The model and its draft': ['Модель и её черновик', 'Модель і її чернетка', 'El modelo y su borrador'],
  'The program itself': ['Сама программа', 'Сама програма', 'El programa mismo'],
  'What you may do in this tenant, and nothing else: made from the model, your profiles and your language.': [
    'Всё, что вам разрешено в этой организации, и ничего больше: составлено по модели, вашим профилям и вашему языку.',
    'Усе, що вам дозволено в цій організації, і нічого більше: складено за моделлю, вашими профілями й вашою мовою.',
    'Todo lo que usted puede hacer en esta organización, y nada más: hecho a partir del modelo, sus perfiles y su idioma.',
  ],
  'Answers are `{"data": …}`; whatever goes wrong is a problem document with a stable `code`.': [
    'Ответы имеют вид `{"data": …}`; любая неудача — документ о проблеме с постоянным `code`.',
    'Відповіді мають вигляд `{"data": …}`; будь-яка невдача — документ про проблему зі сталим `code`.',
    'Las respuestas son `{"data": …}`; todo lo que falla es un documento de problema con un `code` estable.',
  ],
  'Every answer carries `trace-id`; those made from the model carry `model-revision`.': [
    'Каждый ответ несёт `trace-id`; ответы, составленные по модели, — `model-revision`.',
    'Кожна відповідь несе `trace-id`; відповіді, складені за моделлю, — `model-revision`.',
    'Cada respuesta lleva `trace-id`; las hechas a partir del modelo llevan `model-revision`.',
  ],
  'A change names the version it was made from in `if-match`; a create may be repeated under one `idempotency-key`.': [
    'Изменение называет в `if-match` версию, от которой сделано; создание можно повторять под одним `idempotency-key`.',
    'Зміна називає в `if-match` версію, від якої зроблена; створення можна повторювати під одним `idempotency-key`.',
    'Un cambio nombra en `if-match` la versión de la que parte; una creación puede repetirse con la misma `idempotency-key`.',
  ],
  'Values of options have their labels in `x-enum-labels`.': [
    'Подписи значений списков стоят в `x-enum-labels`.',
    'Підписи значень списків стоять у `x-enum-labels`.',
    'Las etiquetas de los valores de opciones están en `x-enum-labels`.',
  ],

  // Of the program and of signing in
  'Whether the program is up': ['Работает ли программа', 'Чи працює програма', 'Si el programa funciona'],
  'It is.': ['Работает.', 'Працює.', 'Funciona.'],
  'Whether it has its stores': ['Доступны ли хранилища', 'Чи доступні сховища', 'Si tiene sus almacenes'],
  'It has.': ['Доступны.', 'Доступні.', 'Los tiene.'],
  'Which build it is': ['Какая это сборка', 'Яка це збірка', 'Qué versión es'],
  'Name, version and commit': ['Название, версия и коммит', 'Назва, версія та коміт', 'Nombre, versión y commit'],
  'What a problem’s type means': ['Что значит тип проблемы', 'Що означає тип проблеми', 'Qué significa el tipo de un problema'],
  'Code, status and title': ['Код, статус и заголовок', 'Код, статус і заголовок', 'Código, estado y título'],
  'What an event looks like': ['Как выглядит событие', 'Який вигляд має подія', 'Cómo es un evento'],
  'A JSON Schema': ['JSON Schema', 'JSON Schema', 'Un JSON Schema'],
  'Sign in': ['Войти', 'Увійти', 'Iniciar sesión'],
  'Gives an access token for `Authorization: Bearer`, and a cookie by which it can be renewed.': [
    'Выдаёт токен доступа для `Authorization: Bearer` и cookie, по которой его можно продлить.',
    'Видає токен доступу для `Authorization: Bearer` і cookie, за якою його можна поновити.',
    'Da un token de acceso para `Authorization: Bearer` y una cookie con la que se puede renovar.',
  ],
  'A token and who it is for': ['Токен и для кого он', 'Токен і для кого він', 'Un token y para quién es'],
  'Renew the access token by the cookie': [
    'Продлить токен доступа по cookie',
    'Поновити токен доступу за cookie',
    'Renovar el token de acceso con la cookie',
  ],
  'Sign out': ['Выйти', 'Вийти', 'Cerrar sesión'],
  'The session has ended.': ['Сеанс завершён.', 'Сеанс завершено.', 'La sesión ha terminado.'],
  'Ask for a link that sets a new password': [
    'Запросить ссылку для нового пароля',
    'Запросити посилання для нового пароля',
    'Pedir un enlace para una contraseña nueva',
  ],
  'Answers alike whether or not there is such a person.': [
    'Отвечает одинаково, есть такой человек или нет.',
    'Відповідає однаково, є така людина чи ні.',
    'Responde igual, exista o no esa persona.',
  ],
  'If there is such a person, a letter is on its way.': [
    'Если такой человек есть, письмо отправлено.',
    'Якщо така людина є, лист надіслано.',
    'Si existe esa persona, hay un correo en camino.',
  ],
  'Set a new password by a link': [
    'Задать новый пароль по ссылке',
    'Задати новий пароль за посиланням',
    'Poner una contraseña nueva con un enlace',
  ],
  'The password is set.': ['Пароль задан.', 'Пароль задано.', 'La contraseña está puesta.'],

  // Of oneself and one's model
  'Who you are here': ['Кто вы здесь', 'Хто ви тут', 'Quién es usted aquí'],
  You: ['Вы', 'Ви', 'Usted'],
  'Change your language or time zone': [
    'Сменить свой язык или часовой пояс',
    'Змінити свою мову чи часовий пояс',
    'Cambiar su idioma o zona horaria',
  ],
  Changed: ['Изменено', 'Змінено', 'Cambiado'],
  'Change your password': ['Сменить свой пароль', 'Змінити свій пароль', 'Cambiar su contraseña'],
  'The session you are in goes on; its access token ends with the others and has to be renewed.': [
    'Ваш нынешний сеанс продолжается; его токен доступа перестаёт действовать вместе с другими, и его надо продлить.',
    'Ваш поточний сеанс триває; його токен доступу перестає діяти разом з іншими, і його треба поновити.',
    'La sesión en la que está continúa; su token de acceso termina con los demás y hay que renovarlo.',
  ],
  'Changed; your other sessions have ended.': [
    'Изменён; другие ваши сеансы завершены.',
    'Змінено; інші ваші сеанси завершено.',
    'Cambiada; sus otras sesiones han terminado.',
  ],
  'You hold the same already.': ['У вас уже то же самое.', 'У вас уже те саме.', 'Usted ya tiene lo mismo.'],
  'Your model': ['Ваша модель', 'Ваша модель', 'Su modelo'],
  'What exists for you, in your language. Changes with its `etag`.': [
    'Что для вас существует, на вашем языке. Меняется вместе с `etag`.',
    'Що для вас існує, вашою мовою. Змінюється разом із `etag`.',
    'Lo que existe para usted, en su idioma. Cambia con su `etag`.',
  ],
  'The model': ['Модель', 'Модель', 'El modelo'],
  'The form of an entity': ['Форма сущности', 'Форма сутності', 'El formulario de una entidad'],
  'The form': ['Форма', 'Форма', 'El formulario'],
  'This document': ['Этот документ', 'Цей документ', 'Este documento'],
  'What you may do here, as OpenAPI 3.1. Changes with its `etag`.': [
    'Что вам здесь разрешено, в виде OpenAPI 3.1. Меняется вместе с `etag`.',
    'Що вам тут дозволено, у вигляді OpenAPI 3.1. Змінюється разом із `etag`.',
    'Lo que usted puede hacer aquí, como OpenAPI 3.1. Cambia con su `etag`.',
  ],
  'The document': ['Документ', 'Документ', 'El documento'],
  'Your types in TypeScript': ['Ваши типы на TypeScript', 'Ваші типи на TypeScript', 'Sus tipos en TypeScript'],
  'Records, creates, patches, queries and aggregates of every entity that exists for you, for the client of `/api/client.js`.': [
    'Записи, создания, изменения, запросы и показатели каждой существующей для вас сущности, для клиента `/api/client.js`.',
    'Записи, створення, зміни, запити й показники кожної наявної для вас сутності, для клієнта `/api/client.js`.',
    'Registros, creaciones, cambios, consultas y cifras de cada entidad que existe para usted, para el cliente de `/api/client.js`.',
  ],
  'A module of types': ['Модуль типов', 'Модуль типів', 'Un módulo de tipos'],
  'Search all entities': ['Искать по всем сущностям', 'Шукати в усіх сутностях', 'Buscar en todas las entidades'],
  'What was found, by entity': ['Что найдено, по сущностям', 'Що знайдено, за сутностями', 'Lo encontrado, por entidad'],

  // Of imports
  'Import a file': ['Загрузить файл', 'Завантажити файл', 'Importar un archivo'],
  'Takes a CSV file and the key of an import map; a job goes through its rows.': [
    'Принимает файл CSV и ключ карты импорта; строки разбирает задание.',
    'Приймає файл CSV і ключ карти імпорту; рядки опрацьовує завдання.',
    'Toma un archivo CSV y la clave de un mapa de importación; una tarea recorre sus filas.',
  ],
  'The job': ['Задание', 'Завдання', 'La tarea'],
  'How an import stands': ['Как идёт загрузка', 'Як триває завантаження', 'Cómo va una importación'],
  'The import': ['Загрузка', 'Завантаження', 'La importación'],
  'Rows of an import with something to tell of them': [
    'Строки загрузки, о которых есть что сказать',
    'Рядки завантаження, про які є що сказати',
    'Filas de una importación de las que hay algo que decir',
  ],
  'A page of rows': ['Страница строк', 'Сторінка рядків', 'Una página de filas'],
  'The refused rows as a file': ['Отклонённые строки файлом', 'Відхилені рядки файлом', 'Las filas rechazadas como archivo'],
  'Undo an import': ['Отменить загрузку', 'Скасувати завантаження', 'Deshacer una importación'],

  // Of people, keys, sessions and the audit
  'The user': ['Пользователь', 'Користувач', 'El usuario'],
  'List users': ['Список пользователей', 'Список користувачів', 'Listar usuarios'],
  'A page of users': ['Страница пользователей', 'Сторінка користувачів', 'Una página de usuarios'],
  'Create a user': ['Создать пользователя', 'Створити користувача', 'Crear un usuario'],
  'Read a user': ['Прочитать пользователя', 'Прочитати користувача', 'Leer un usuario'],
  'Change a user': ['Изменить пользователя', 'Змінити користувача', 'Cambiar un usuario'],
  'Lock a user out': ['Заблокировать пользователя', 'Заблокувати користувача', 'Bloquear a un usuario'],
  'Let a user in again': ['Снова пустить пользователя', 'Знову впустити користувача', 'Volver a admitir a un usuario'],
  'Send a user a link that sets a new password': [
    'Послать пользователю ссылку для нового пароля',
    'Надіслати користувачу посилання для нового пароля',
    'Enviar a un usuario un enlace para una contraseña nueva',
  ],
  'The letter is on its way.': ['Письмо отправлено.', 'Лист надіслано.', 'El correo está en camino.'],
  'List roles': ['Список ролей', 'Список ролей', 'Listar roles'],
  'The roles': ['Роли', 'Ролі', 'Los roles'],
  'List sessions that are alive': ['Список живых сеансов', 'Список живих сеансів', 'Listar sesiones activas'],
  'A page of sessions': ['Страница сеансов', 'Сторінка сеансів', 'Una página de sesiones'],
  'End a session': ['Завершить сеанс', 'Завершити сеанс', 'Terminar una sesión'],
  Ended: ['Завершён', 'Завершено', 'Terminada'],
  'List API keys': ['Список ключей API', 'Список ключів API', 'Listar claves de API'],
  'A page of keys': ['Страница ключей', 'Сторінка ключів', 'Una página de claves'],
  'Make an API key for yourself': ['Создать себе ключ API', 'Створити собі ключ API', 'Crear una clave de API para usted'],
  'The text of the key is told once and kept nowhere.': [
    'Текст ключа сообщается один раз и нигде не хранится.',
    'Текст ключа повідомляється один раз і ніде не зберігається.',
    'El texto de la clave se dice una vez y no se guarda en ninguna parte.',
  ],
  'The key': ['Ключ', 'Ключ', 'La clave'],
  'Revoke an API key': ['Отозвать ключ API', 'Відкликати ключ API', 'Revocar una clave de API'],
  Revoked: ['Отозван', 'Відкликано', 'Revocada'],
  'Read the audit': ['Читать аудит', 'Читати аудит', 'Leer la auditoría'],
  'A page of the audit, newest first': [
    'Страница аудита, сначала новое',
    'Сторінка аудиту, спершу нове',
    'Una página de la auditoría, primero lo más reciente',
  ],
  'Export the audit': ['Выгрузить аудит', 'Вивантажити аудит', 'Exportar la auditoría'],
  'One entry a line': ['По записи на строку', 'По запису на рядок', 'Una entrada por línea'],

  // Of the studio
  'The schema of a kind of document': ['Схема вида документов', 'Схема виду документів', 'El esquema de un tipo de documento'],
  'The schema, and hints how to draw it': [
    'Схема и подсказки, как её рисовать',
    'Схема й підказки, як її малювати',
    'El esquema, y pistas de cómo dibujarlo',
  ],
  'List documents of the model': ['Список документов модели', 'Список документів моделі', 'Listar documentos del modelo'],
  'The documents': ['Документы', 'Документи', 'Los documentos'],
  'Read a document with the origin of its parts': [
    'Прочитать документ и откуда взяты его части',
    'Прочитати документ і звідки взято його частини',
    'Leer un documento con el origen de sus partes',
  ],
  'Where a document or field is named': [
    'Где назван документ или поле',
    'Де названо документ чи поле',
    'Dónde se nombra un documento o campo',
  ],
  'The places': ['Места', 'Місця', 'Los lugares'],
  'A form as the draft would have it': [
    'Форма, какой она была бы по черновику',
    'Форма, якою вона була б за чернеткою',
    'Un formulario como lo tendría el borrador',
  ],
  'Read the draft': ['Прочитать черновик', 'Прочитати чернетку', 'Leer el borrador'],
  'The draft': ['Черновик', 'Чернетка', 'El borrador'],
  'Throw the draft away': ['Выбросить черновик', 'Викинути чернетку', 'Descartar el borrador'],
  'Thrown away': ['Выброшен', 'Викинуто', 'Descartado'],
  'Put a document into the draft': ['Положить документ в черновик', 'Покласти документ у чернетку', 'Poner un documento en el borrador'],
  'Take a document out': ['Убрать документ', 'Прибрати документ', 'Quitar un documento'],
  'The document as the draft holds it': [
    'Документ, каким он стоит в черновике',
    'Документ, яким він стоїть у чернетці',
    'El documento como está en el borrador',
  ],
  'What publishing would do': ['Что сделала бы публикация', 'Що зробила б публікація', 'Qué haría la publicación'],
  'Problems, notes and impact': ['Проблемы, замечания и последствия', 'Проблеми, зауваження й наслідки', 'Problemas, notas e impacto'],
  'Publish the draft': ['Опубликовать черновик', 'Опублікувати чернетку', 'Publicar el borrador'],
  'The new revision': ['Новая ревизия', 'Нова ревізія', 'La nueva revisión'],
  'List revisions': ['Список ревизий', 'Список ревізій', 'Listar revisiones'],
  'A page of revisions': ['Страница ревизий', 'Сторінка ревізій', 'Una página de revisiones'],
  'Read a revision': ['Прочитать ревизию', 'Прочитати ревізію', 'Leer una revisión'],
  'The revision': ['Ревизия', 'Ревізія', 'La revisión'],
  'What differs between two revisions': ['Чем отличаются две ревизии', 'Чим відрізняються дві ревізії', 'En qué difieren dos revisiones'],
  'The changes': ['Изменения', 'Зміни', 'Los cambios'],
  'Make a draft that brings a revision back': [
    'Составить черновик, который вернёт ревизию',
    'Скласти чернетку, що поверне ревізію',
    'Hacer un borrador que recupere una revisión',
  ],
} as const satisfies Readonly<Record<string, Translations>>

/** Words of the document; names in braces are filled in. */
export type Phrase = keyof typeof PHRASES

/** All of them. */
export const ALL_PHRASES: Readonly<Record<Phrase, Translations>> = PHRASES

/** Whether these are the words of a phrase. */
export function isPhrase(text: string): text is Phrase {
  return Object.hasOwn(PHRASES, text)
}

/** A phrase in a language. Throws where a name in braces is not filled in. */
export const phraseIn = sayerOf(PHRASES)
