/** What the document says of members of the schemas that are the same in every tenant, in every language; phrases.ts has the others. */
import type { Translations } from '../../../metadata/sentences/translations.ts'

/** By their English words. */
export const SCHEMA_PHRASES = {
  // Of people and keys
  'The access token of a sign-in, or an API key.': [
    'Токен доступа, полученный при входе, или ключ API.',
    'Токен доступу, отриманий під час входу, або ключ API.',
    'El token de acceso de un inicio de sesión, o una clave de API.',
  ],
  'What `Authorization: Bearer` takes.': [
    'Что ставится в `Authorization: Bearer`.',
    'Що ставиться в `Authorization: Bearer`.',
    'Lo que toma `Authorization: Bearer`.',
  ],
  'When it runs out; renewed before then, the session goes on.': [
    'Когда истекает; если продлить раньше, сеанс идёт дальше.',
    'Коли спливає; якщо поновити раніше, сеанс триває.',
    'Cuándo caduca; si se renueva antes, la sesión continúa.',
  ],
  'Employee, or a partner from outside.': [
    'Сотрудник или внешний партнёр.',
    'Працівник або зовнішній партнер.',
    'Empleado, o un socio de fuera.',
  ],
  'What you may do beyond records.': [
    'Что вам разрешено кроме записей.',
    'Що вам дозволено крім записів.',
    'Lo que usted puede hacer aparte de los registros.',
  ],
  'The caps of your profiles.': ['Пределы ваших профилей.', 'Межі ваших профілів.', 'Los límites de sus perfiles.'],
  '1 is Monday.': ['1 — понедельник.', '1 — понеділок.', '1 es lunes.'],
  'Still without a password.': ['Ещё без пароля.', 'Ще без пароля.', 'Todavía sin contraseña.'],
  'Whether you may give it to somebody.': [
    'Можете ли вы её кому-то дать.',
    'Чи можете ви її комусь надати.',
    'Si usted puede dársela a alguien.',
  ],
  'Addresses it is good from; from anywhere where there is none.': [
    'Адреса, с которых она действует; если их нет — с любых.',
    'Адреси, з яких вона діє; якщо їх немає — з будь-яких.',
    'Direcciones desde las que vale; si no hay ninguna, desde cualquiera.',
  ],
  'The text of the key, told once: null when the request is repeated.': [
    'Текст ключа, сообщается один раз: null при повторе запроса.',
    'Текст ключа, повідомляється один раз: null під час повторення запиту.',
    'El texto de la clave, dicho una sola vez: null cuando se repite la solicitud.',
  ],

  // Of pages and writes
  'What `after` takes to go on; null on the last page.': [
    'Что передать в `after`, чтобы продолжить; null на последней странице.',
    'Що передати в `after`, щоб продовжити; null на останній сторінці.',
    'Lo que toma `after` para seguir; null en la última página.',
  ],
  'Records in all, where `count` asked for it.': [
    'Всего записей, если об этом просит `count`.',
    'Усього записів, якщо про це просить `count`.',
    'Registros en total, si `count` lo pidió.',
  ],
  'Fields that were compared, but only on records where you may read them.': [
    'Поля, которые сравнивались, но только в записях, где вам разрешено их читать.',
    'Поля, які порівнювалися, але лише в записах, де вам дозволено їх читати.',
    'Campos que se compararon, pero solo en los registros donde usted puede leerlos.',
  ],
  'What was written in spite of a rule that only warns.': [
    'Что записано вопреки правилу, которое лишь предупреждает.',
    'Що записано попри правило, яке лише попереджає.',
    'Lo que se escribió pese a una regla que solo advierte.',
  ],
  'A predicate over fields that you may filter by, as JSON.': [
    'Предикат по полям, по которым вам разрешено фильтровать, в JSON.',
    'Предикат за полями, за якими вам дозволено фільтрувати, у JSON.',
    'Un predicado sobre campos por los que usted puede filtrar, en JSON.',
  ],

  // Of imports
  'Key of an import map': ['Ключ карты импорта', 'Ключ карти імпорту', 'Clave de un mapa de importación'],
  'Show what would come of it, and write nothing.': [
    'Показать, что из этого выйдет, и ничего не записывать.',
    'Показати, що з цього вийде, і нічого не записувати.',
    'Mostrar qué resultaría, sin escribir nada.',
  ],

  // Of the model
  'A predicate of the query language.': ['Предикат языка запросов.', 'Предикат мови запитів.', 'Un predicado del lenguaje de consultas.'],
  'Digits after the decimal point.': ['Знаков после запятой.', 'Знаків після коми.', 'Cifras decimales.'],
  'The most you may do with it, on some record at least.': [
    'Самое большее, что вам разрешено с ним делать хотя бы в одной записи.',
    'Найбільше, що вам дозволено з ним робити хоча б в одному записі.',
    'Lo máximo que usted puede hacer con él, al menos en algún registro.',
  ],
  'Operators your filters may use on it.': [
    'Операторы, которые допускают ваши фильтры по нему.',
    'Оператори, які допускають ваші фільтри за ним.',
    'Operadores que sus filtros pueden usar con él.',
  ],
  'Every record has it.': ['Есть в каждой записи.', 'Є в кожному записі.', 'Lo tiene cada registro.'],
  'The engine writes it.': ['Его пишет система.', 'Його пише система.', 'Lo escribe el sistema.'],
  'Only in an answer when it is selected.': [
    'Только в том ответе, где его выбрали.',
    'Лише в тій відповіді, де його вибрали.',
    'Solo en la respuesta donde se selecciona.',
  ],
  'The entity it points to.': ['Сущность, на которую оно указывает.', 'Сутність, на яку воно вказує.', 'La entidad a la que apunta.'],
  'The field that holds the currency of this amount.': [
    'Поле с валютой этой суммы.',
    'Поле з валютою цієї суми.',
    'El campo con la moneda de este importe.',
  ],
  'How its value is masked for you.': [
    'Как его значение скрыто от вас.',
    'Як його значення приховано від вас.',
    'Cómo se le oculta su valor.',
  ],
  'The field by which you know its records apart.': [
    'Поле, по которому вы различаете её записи.',
    'Поле, за яким ви розрізняєте її записи.',
    'El campo por el que usted distingue sus registros.',
  ],
  'What the record begins with; `$record.<field>` is a value of the converted one.': [
    'С чего запись начинается; `$record.<field>` — значение преобразуемой.',
    'З чого запис починається; `$record.<field>` — значення перетворюваного.',
    'Con qué empieza el registro; `$record.<field>` es un valor del convertido.',
  ],
  'Entities, fields, relations, views and menus that exist for you, in your language.': [
    'Существующие для вас сущности, поля, связи, представления и меню, на вашем языке.',
    'Наявні для вас сутності, поля, зв’язки, подання й меню, вашою мовою.',
    'Entidades, campos, relaciones, vistas y menús que existen para usted, en su idioma.',
  ],
  'A JSON Schema (draft-07) of what the form sends.': [
    'JSON Schema (draft-07) того, что отправляет форма.',
    'JSON Schema (draft-07) того, що надсилає форма.',
    'Un JSON Schema (draft-07) de lo que envía el formulario.',
  ],
  'Hints how to draw it, as react-jsonschema-form reads them.': [
    'Подсказки, как её рисовать, в том виде, как их читает react-jsonschema-form.',
    'Підказки, як її малювати, у тому вигляді, як їх читає react-jsonschema-form.',
    'Pistas de cómo dibujarlo, tal como las lee react-jsonschema-form.',
  ],
  'What a form is made of: its schema, how to draw it, and conditions.': [
    'Из чего состоит форма: схема, как её рисовать, и условия.',
    'З чого складається форма: схема, як її малювати, і умови.',
    'De qué se compone un formulario: su esquema, cómo dibujarlo y condiciones.',
  ],

  // Of the draft
  'The document; `GET /api/studio/schemas/:name` says what it may hold.': [
    'Документ; что в нём может быть, говорит `GET /api/studio/schemas/:name`.',
    'Документ; що в ньому може бути, каже `GET /api/studio/schemas/:name`.',
    'El documento; `GET /api/studio/schemas/:name` dice qué puede contener.',
  ],
  'What is wrong with the draft, and what publishing it would do.': [
    'Что не так с черновиком и что сделала бы его публикация.',
    'Що не так із чернеткою і що зробила б її публікація.',
    'Qué está mal en el borrador y qué haría su publicación.',
  ],
  'Permitted, but worth seeing.': ['Допустимо, но стоит взглянуть.', 'Допустимо, але варто глянути.', 'Permitido, pero conviene verlo.'],
  'Null while the draft does not hold together.': [
    'Null, пока черновик не согласован.',
    'Null, доки чернетка не узгоджена.',
    'Null mientras el borrador no sea coherente.',
  ],
  'A record as you may see it: id, version, title, the value in question.': [
    'Запись, какой вы можете её видеть: id, version, title и само значение.',
    'Запис, яким ви можете його бачити: id, version, title і саме значення.',
    'Un registro tal como usted puede verlo: id, version, title y el valor en cuestión.',
  ],
  'Records that would not be accepted as they are.': [
    'Записи, которые в нынешнем виде не были бы приняты.',
    'Записи, які в нинішньому вигляді не були б прийняті.',
    'Registros que no se aceptarían tal como están.',
  ],
  'Values that are converted to another type, and how many of them can not be.': [
    'Значения, которые преобразуются в другой тип, и сколько из них преобразовать нельзя.',
    'Значення, які перетворюються на інший тип, і скільки з них перетворити не можна.',
    'Valores que se convierten a otro tipo, y cuántos de ellos no se pueden convertir.',
  ],
  'Values of copying fields that are made anew; `written_over` of them are not what the field would copy today: somebody wrote over the copy, or its source has changed since. They are lost.':
    [
      'Значения копирующих полей, которые создаются заново; `written_over` из них — не то, что поле скопировало бы сегодня: поверх копии что-то записали или источник с тех пор изменился. Они теряются.',
      'Значення полів-копій, які створюються заново; `written_over` із них — не те, що поле скопіювало б сьогодні: поверх копії щось записали або джерело відтоді змінилося. Вони втрачаються.',
      'Valores de campos que copian y que se hacen de nuevo; `written_over` de ellos no son lo que el campo copiaría hoy: alguien escribió encima de la copia, o su origen ha cambiado desde entonces. Se pierden.',
    ],
  'What goes away, with the records that have a value there; null where you do not see all of them.': [
    'Что исчезает, с числом записей, где есть значение; null, если вы видите не все.',
    'Що зникає, з числом записів, де є значення; null, якщо ви бачите не всі.',
    'Lo que desaparece, con los registros que tienen ahí un valor; null si usted no los ve todos.',
  ],
  'What is filled anew, at once or in the background; without numbers where you do not see all records.': [
    'Что заполняется заново, сразу или в фоне; без чисел, если вы видите не все записи.',
    'Що заповнюється заново, одразу чи у тлі; без чисел, якщо ви бачите не всі записи.',
    'Lo que se rellena de nuevo, al momento o en segundo plano; sin números si usted no ve todos los registros.',
  ],
  'Entities whose records were not looked at because you do not see all of them.': [
    'Сущности, записи которых не просматривались, так как вы видите не все.',
    'Сутності, записи яких не переглядалися, бо ви бачите не всі.',
    'Entidades cuyos registros no se miraron porque usted no los ve todos.',
  ],
  'Fields that are still being filled.': ['Поля, которые ещё заполняются.', 'Поля, які ще заповнюються.', 'Campos que aún se rellenan.'],
  'Layers that say something of it.': [
    'Слои, которые о нём что-то говорят.',
    'Шари, які про нього щось кажуть.',
    'Capas que dicen algo de él.',
  ],
} as const satisfies Readonly<Record<string, Translations>>
