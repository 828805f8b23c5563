/** What the document says of operations on records, of their parameters and of headers, in every language; phrases.ts has the others. */
import type { Translations } from '../../../metadata/sentences/translations.ts'

/** By their English words. */
export const RECORD_PHRASES = {
  // Of records
  '{label}': ['{label}', '{label}', '{label}'],
  'List {plural}': ['Список: {plural}', 'Список: {plural}', 'Listar: {plural}'],
  'A page of {plural}': ['Страница: {plural}', 'Сторінка: {plural}', 'Una página: {plural}'],
  'A page of records, by the query language in the address. At most {page} records a page, {filters} conditions, {includes} includes, paths {depth} deep.':
    [
      'Страница записей по языку запросов в адресе. Не более: записей на странице — {page}, условий — {filters}, включений — {includes}, глубина путей — {depth}.',
      'Сторінка записів за мовою запитів в адресі. Не більше: записів на сторінці — {page}, умов — {filters}, включень — {includes}, глибина шляхів — {depth}.',
      'Una página de registros, con el lenguaje de consultas en la dirección. Como máximo {page} registros por página, {filters} condiciones, {includes} inclusiones, rutas de profundidad {depth}.',
    ],
  'Query {plural}': ['Запрос: {plural}', 'Запит: {plural}', 'Consultar: {plural}'],
  'A page of records, by a query in the body. At most {page} records a page, {filters} conditions, {includes} includes, paths {depth} deep.':
    [
      'Страница записей по запросу в теле. Не более: записей на странице — {page}, условий — {filters}, включений — {includes}, глубина путей — {depth}.',
      'Сторінка записів за запитом у тілі. Не більше: записів на сторінці — {page}, умов — {filters}, включень — {includes}, глибина шляхів — {depth}.',
      'Una página de registros, con una consulta en el cuerpo. Como máximo {page} registros por página, {filters} condiciones, {includes} inclusiones, rutas de profundidad {depth}.',
    ],
  'Figures of {plural}': ['Показатели: {plural}', 'Показники: {plural}', 'Cifras: {plural}'],
  'Counts, sums and other measures, by groups; up to {groups} of them.': [
    'Количества, суммы и другие показатели по группам; групп не более {groups}.',
    'Кількості, суми й інші показники за групами; груп не більше {groups}.',
    'Recuentos, sumas y otras medidas por grupos; hasta {groups} grupos.',
  ],
  'The groups': ['Группы', 'Групи', 'Los grupos'],
  'Read {label}': ['Прочитать: {label}', 'Прочитати: {label}', 'Leer: {label}'],
  'History of {label}': ['История: {label}', 'Історія: {label}', 'Historial: {label}'],
  'What happened to the record, newest first: of it, what you may read now. Values that the engine makes are not told; of a copied one, what somebody wrote over it.':
    [
      'Что происходило с записью, сначала новое: из этого то, что вам сейчас разрешено читать. Значения, которые вычисляет система, не приводятся; у скопированного — то, что записали поверх него.',
      'Що відбувалося із записом, спершу нове: з цього те, що вам зараз дозволено читати. Значення, які обчислює система, не наводяться; у скопійованого — те, що записали поверх нього.',
      'Lo que le ocurrió al registro, primero lo más reciente: de ello, lo que usted puede leer ahora. No se cuentan los valores que calcula el sistema; de uno copiado, lo que alguien escribió encima.',
    ],
  'A page of changes': ['Страница изменений', 'Сторінка змін', 'Una página de cambios'],
  'Done; the record is out of your sight now.': [
    'Готово; теперь запись вам не видна.',
    'Готово; тепер запис вам не видно.',
    'Hecho; el registro ya no está a su vista.',
  ],
  'Create {label}': ['Создать: {label}', 'Створити: {label}', 'Crear: {label}'],
  'Change {label}': ['Изменить: {label}', 'Змінити: {label}', 'Cambiar: {label}'],
  'A merge-patch (RFC 7396): what is left out stays, what is null goes. `if-match` names the version you have seen.': [
    'Merge-patch (RFC 7396): что не названо — остаётся, что null — убирается. `if-match` называет версию, которую вы видели.',
    'Merge-patch (RFC 7396): що не названо — лишається, що null — прибирається. `if-match` називає версію, яку ви бачили.',
    'Un merge-patch (RFC 7396): lo que se omite se queda, lo que es null se quita. `if-match` nombra la versión que usted ha visto.',
  ],
  'Delete {label}': ['Удалить: {label}', 'Видалити: {label}', 'Eliminar: {label}'],
  'Into the trash, from where it can be restored.': [
    'В корзину, откуда можно восстановить.',
    'До кошика, звідки можна відновити.',
    'A la papelera, de donde se puede recuperar.',
  ],
  Deleted: ['Удалено', 'Видалено', 'Eliminado'],
  'Restore {label}': ['Восстановить: {label}', 'Відновити: {label}', 'Recuperar: {label}'],
  'Change many {plural}': ['Изменить несколько: {plural}', 'Змінити кілька: {plural}', 'Cambiar varios: {plural}'],
  'Up to {operations} operations in one request; all of them or none, unless `atomic` is false.': [
    'До {operations} операций в одном запросе; все или ни одной, если `atomic` не равно false.',
    'До {operations} операцій в одному запиті; усі або жодної, якщо `atomic` не дорівнює false.',
    'Hasta {operations} operaciones en una solicitud; todas o ninguna, salvo que `atomic` sea false.',
  ],
  'What became of each operation, in their order': [
    'Что стало с каждой операцией, по порядку',
    'Що сталося з кожною операцією, за порядком',
    'Qué fue de cada operación, en su orden',
  ],
  'Export {plural}': ['Выгрузить: {plural}', 'Вивантажити: {plural}', 'Exportar: {plural}'],
  'Records as a file, up to {rows} rows; more are refused, not cut off.': [
    'Записи файлом, до {rows} строк; больше — отказ, а не обрезка.',
    'Записи файлом, до {rows} рядків; більше — відмова, а не обрізання.',
    'Registros como archivo, hasta {rows} filas; si hay más, se rechaza, no se recorta.',
  ],
  'The file': ['Файл', 'Файл', 'El archivo'],
  'Reveal a masked value of {label}': [
    'Показать скрытое значение: {label}',
    'Показати приховане значення: {label}',
    'Mostrar un valor oculto: {label}',
  ],
  'Shows one masked value as it is. Counted against your allowance of the day, and written into the audit with your reason.': [
    'Показывает одно скрытое значение как есть. Засчитывается в ваш дневной предел и записывается в аудит вместе с вашей причиной.',
    'Показує одне приховане значення як є. Зараховується до вашої денної межі й записується в аудит разом із вашою причиною.',
    'Muestra un valor oculto tal como es. Cuenta para su cupo del día y se anota en la auditoría con su motivo.',
  ],
  'The value': ['Значение', 'Значення', 'El valor'],
  'Convert {label}': ['Преобразовать: {label}', 'Перетворити: {label}', 'Convertir: {label}'],
  'Makes of the record what a conversion of its entity says, in one transaction.': [
    'Делает из записи то, что велит преобразование её сущности, одной транзакцией.',
    'Робить із запису те, що велить перетворення його сутності, однією транзакцією.',
    'Hace del registro lo que dice una conversión de su entidad, en una sola transacción.',
  ],
  'What was made, and the record': ['Что создано, и сама запись', 'Що створено, і сам запис', 'Lo que se creó, y el registro'],

  // Of headers and parameters
  'What this request is found by in logs, audit and events.': [
    'По чему этот запрос находят в журналах, аудите и событиях.',
    'За чим цей запит знаходять у журналах, аудиті й подіях.',
    'Por lo que se encuentra esta solicitud en registros, auditoría y eventos.',
  ],
  'The revision the answer was made with; sent back, no older one is used.': [
    'Ревизия, по которой составлен ответ; если прислать её обратно, более старая не используется.',
    'Ревізія, за якою складено відповідь; якщо надіслати її назад, старіша не використовується.',
    'La revisión con la que se hizo la respuesta; si se devuelve, no se usa ninguna anterior.',
  ],
  'The version of what was answered, as if-match and if-none-match take it.': [
    'Версия того, что в ответе, в том виде, в каком её принимают if-match и if-none-match.',
    'Версія того, що у відповіді, у тому вигляді, у якому її приймають if-match та if-none-match.',
    'La versión de lo respondido, tal como la toman if-match e if-none-match.',
  ],
  'Where it is.': ['Где это находится.', 'Де це міститься.', 'Dónde está.'],
  'Seconds after which it is worth trying again.': [
    'Через сколько секунд стоит повторить.',
    'Через скільки секунд варто повторити.',
    'Segundos tras los cuales merece la pena volver a intentarlo.',
  ],
  'The cookie by which the token is renewed.': [
    'Cookie, по которой продлевается токен.',
    'Cookie, за якою поновлюється токен.',
    'La cookie con la que se renueva el token.',
  ],
  'The name of the file.': ['Имя файла.', 'Ім’я файлу.', 'El nombre del archivo.'],
  'The version you have seen, in quotes.': [
    'Версия, которую вы видели, в кавычках.',
    'Версія, яку ви бачили, у лапках.',
    'La versión que usted ha visto, entre comillas.',
  ],
  'The version of the draft you have seen, in quotes; `"0"`: it was not in it.': [
    'Версия в черновике, которую вы видели, в кавычках; `"0"`: его там не было.',
    'Версія в чернетці, яку ви бачили, у лапках; `"0"`: його там не було.',
    'La versión del borrador que usted ha visto, entre comillas; `"0"`: no estaba en él.',
  ],
  'The tag of what you hold.': ['Метка того, что у вас есть.', 'Мітка того, що у вас є.', 'La etiqueta de lo que usted tiene.'],
  'A name of your own for this request: sent again under it, it happens once and is answered alike.': [
    'Ваше собственное имя для этого запроса: посланный под ним ещё раз, он выполняется однажды и получает тот же ответ.',
    'Ваше власне ім’я для цього запиту: надісланий під ним ще раз, він виконується одного разу й дістає ту саму відповідь.',
    'Un nombre propio para esta solicitud: enviada otra vez con él, ocurre una sola vez y recibe la misma respuesta.',
  ],
  'Any text: a program sent this, or a page of this origin. Without it the request needs an `origin` of this host.': [
    'Любой текст: запрос послала программа или страница этого же адреса. Без него нужен `origin` этого же узла.',
    'Будь-який текст: запит надіслала програма або сторінка цієї ж адреси. Без нього потрібен `origin` цього ж вузла.',
    'Cualquier texto: lo envió un programa o una página de este origen. Sin él, la solicitud necesita un `origin` de este host.',
  ],
  'Records of a page, up to {page}.': [
    'Записей на странице, до {page}.',
    'Записів на сторінці, до {page}.',
    'Registros por página, hasta {page}.',
  ],
  'Names of what to answer, with commas; through references with dots. Everything usual without.': [
    'Имена того, что вернуть, через запятую; через ссылки — с точками. Без этого — всё обычное.',
    'Імена того, що повернути, через кому; через посилання — з крапками. Без цього — усе звичайне.',
    'Nombres de lo que se responde, con comas; a través de referencias, con puntos. Sin ello, todo lo usual.',
  ],
  'Names of what to answer, with commas; through references with dots.': [
    'Имена того, что вернуть, через запятую; через ссылки — с точками.',
    'Імена того, що повернути, через кому; через посилання — з крапками.',
    'Nombres de lo que se responde, con comas; a través de referencias, con puntos.',
  ],
  'Names to sort by, with commas, a minus before those that go down.': [
    'Имена для сортировки через запятую, с минусом перед убывающими.',
    'Імена для сортування через кому, з мінусом перед спадними.',
    'Nombres por los que ordenar, con comas; un menos delante de los descendentes.',
  ],
  'Words that the records hold.': ['Слова, которые есть в записях.', 'Слова, які є в записах.', 'Palabras que contienen los registros.'],
  '`page.next` of the page before.': [
    '`page.next` предыдущей страницы.',
    '`page.next` попередньої сторінки.',
    '`page.next` de la página anterior.',
  ],
  'Whether to count the records in all.': ['Считать ли все записи.', 'Чи рахувати всі записи.', 'Si se cuentan todos los registros.'],
  'The deleted records instead.': [
    'Вместо этого — удалённые записи.',
    'Натомість — видалені записи.',
    'En su lugar, los registros eliminados.',
  ],
} as const satisfies Readonly<Record<string, Translations>>
