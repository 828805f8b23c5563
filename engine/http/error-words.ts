/** What the door's errors say in Russian, Ukrainian and Spanish. */
import { say } from '../kernel/say.ts'

interface Named {
  readonly name: string
}
interface Limit {
  readonly limit: string
}
interface Allowed {
  readonly allowed: string
}
interface Count {
  readonly count: number
}

export const words = {
  MALFORMED_REQUEST: say(
    ['Это не HTTP-запрос', 'Запрос не удалось прочитать.'],
    ['Це не HTTP-запит', 'Запит не вдалося прочитати.'],
    ['Esto no es una solicitud HTTP', 'No se pudo leer la solicitud.'],
  ),
  MALFORMED_URL: say(
    ['Адрес записан неверно', 'В адресе есть символы или коды, которых там быть не может.'],
    ['Адресу записано неправильно', 'В адресі є символи або коди, яких там бути не може.'],
    ['La dirección está mal formada', 'La dirección contiene caracteres o códigos que no pueden estar ahí.'],
  ),
  URI_TOO_LONG: say<Limit>(
    ['Адрес слишком длинный', p => `Наибольшая длина адреса в символах: ${p.limit}.`, 'Длинные запросы отправляйте в теле: POST …/query.'],
    ['Адреса задовга', p => `Найбільша довжина адреси в символах: ${p.limit}.`, 'Довгі запити надсилайте в тілі: POST …/query.'],
    [
      'La dirección es demasiado larga',
      p => `Una dirección puede tener hasta ${p.limit} caracteres.`,
      'Envíe las consultas largas en el cuerpo: POST …/query.',
    ],
  ),
  HEADERS_TOO_LARGE: say<Limit>(
    ['Заголовки слишком велики', p => `Наибольший размер заголовков: ${p.limit}.`],
    ['Заголовки завеликі', p => `Найбільший розмір заголовків: ${p.limit}.`],
    ['Las cabeceras son demasiado grandes', p => `Las cabeceras pueden ocupar hasta ${p.limit}.`],
  ),
  HEADER_DUPLICATE: say<Named>(
    ['Заголовок указан дважды', p => `Заголовок ${p.name} можно прислать один раз.`],
    ['Заголовок указано двічі', p => `Заголовок ${p.name} можна надіслати один раз.`],
    ['Una cabecera está repetida', p => `La cabecera ${p.name} solo puede enviarse una vez.`],
  ),
  HEADER_INVALID: say<Named>(
    ['Заголовок записан неверно', p => `Заголовок ${p.name} не удаётся прочитать.`],
    ['Заголовок записано неправильно', p => `Заголовок ${p.name} не вдається прочитати.`],
    ['Una cabecera está mal formada', p => `No se puede leer la cabecera ${p.name}.`],
  ),
  REQUEST_TIMEOUT: say(
    ['Запрос приходил слишком долго', 'Запрос не пришёл целиком вовремя.'],
    ['Запит надходив задовго', 'Запит не надійшов повністю вчасно.'],
    ['La solicitud tardó demasiado en llegar', 'La solicitud no llegó completa a tiempo.'],
  ),
  EXPECTATION_FAILED: say(
    ['Такое ожидание не поддерживается', 'Известно только ожидание 100-continue.'],
    ['Таке очікування не підтримується', 'Відоме лише очікування 100-continue.'],
    ['Esta expectativa no se admite', 'La única expectativa conocida es 100-continue.'],
  ),
  VERSION_NOT_SUPPORTED: say(
    ['Эта версия HTTP не поддерживается', 'Здесь говорят на HTTP/1.1.'],
    ['Ця версія HTTP не підтримується', 'Тут розмовляють HTTP/1.1.'],
    ['Esta versión de HTTP no se admite', 'Aquí se habla HTTP/1.1.'],
  ),
  METHOD_NOT_ALLOWED: say<Allowed>(
    ['Этот метод здесь невозможен', p => `Здесь возможны: ${p.allowed}.`],
    ['Цей метод тут неможливий', p => `Тут можливі: ${p.allowed}.`],
    ['Este método no es posible aquí', p => `Aquí son posibles: ${p.allowed}.`],
  ),
  MEDIA_TYPE: say<Allowed>(
    ['Этот тип содержимого здесь не поддерживается', p => `Тип тела должен быть ${p.allowed}.`],
    ['Цей тип вмісту тут не підтримується', p => `Тип тіла має бути ${p.allowed}.`],
    ['Este tipo de contenido no se admite aquí', p => `El cuerpo debe ser ${p.allowed}.`],
  ),
  CONTENT_ENCODING: say(
    ['Сжатые тела не поддерживаются', 'Пришлите тело как есть, без content-encoding.'],
    ['Стиснуті тіла не підтримуються', 'Надішліть тіло як є, без content-encoding.'],
    ['No se admiten cuerpos comprimidos', 'Envíe el cuerpo tal cual, sin content-encoding.'],
  ),
  BODY_TOO_LARGE: say<Limit>(
    ['Тело слишком велико', p => `Наибольший размер тела: ${p.limit}.`],
    ['Тіло завелике', p => `Найбільший розмір тіла: ${p.limit}.`],
    ['El cuerpo es demasiado grande', p => `Un cuerpo puede ocupar hasta ${p.limit}.`],
  ),
  UPLOAD_TOO_LARGE: say(
    ['Загрузка слишком велика', 'В загрузке больше байтов или частей, чем здесь принимается.'],
    ['Завантаження завелике', 'У завантаженні більше байтів або частин, ніж тут приймається.'],
    ['La carga es demasiado grande', 'La carga tiene más bytes o más partes de las que aquí se admiten.'],
  ),
  BODY_UNEXPECTED: say(
    ['Здесь тело не ожидается', 'Этот запрос не принимает тела.'],
    ['Тут тіло не очікується', 'Цей запит не приймає тіла.'],
    ['Aquí no se espera un cuerpo', 'Esta solicitud no admite cuerpo.'],
  ),
  BODY_MALFORMED: say(
    ['Тело записано неверно', 'Тело не удаётся прочитать.'],
    ['Тіло записано неправильно', 'Тіло не вдається прочитати.'],
    ['El cuerpo está mal formado', 'No se puede leer el cuerpo.'],
  ),
  BODY_INVALID: say<Count>(
    ['Тело не проходит проверку', p => `Требуют внимания: ${p.count}.`],
    ['Тіло не проходить перевірку', p => `Потребують уваги: ${p.count}.`],
    ['El cuerpo no es válido', p => `Puntos que requieren atención: ${p.count}.`],
  ),
  QUERY_MALFORMED: say<Named>(
    ['Параметры запроса записаны неверно', p => `Параметр «${p.name}» указан дважды или не читается.`],
    ['Параметри запиту записано неправильно', p => `Параметр «${p.name}» указано двічі або він не читається.`],
    ['Los parámetros están mal formados', p => `El parámetro «${p.name}» está repetido o no se puede leer.`],
  ),
  QUERY_INVALID: say<Count>(
    ['Параметры запроса не проходят проверку', p => `Требуют внимания: ${p.count}.`],
    ['Параметри запиту не проходять перевірку', p => `Потребують уваги: ${p.count}.`],
    ['Los parámetros no son válidos', p => `Parámetros que requieren atención: ${p.count}.`],
  ),
  IF_MATCH_REQUIRED: say(
    ['Укажите, какую версию вы имеете в виду', 'Пришлите версию, которую вы видели, в if-match, например if-match: "3".'],
    ['Укажіть, яку версію ви маєте на увазі', 'Надішліть версію, яку ви бачили, в if-match, наприклад if-match: "3".'],
    ['Indique a qué versión se refiere', 'Envíe en if-match la versión que ha visto, por ejemplo if-match: "3".'],
  ),
  OPERATOR_REFUSED: say(
    ['Только для операторов', 'Нужен токен оператора этой установки.'],
    ['Лише для операторів', 'Потрібен токен оператора цієї інсталяції.'],
    ['Solo para operadores', 'Se necesita el token de operador de la instalación.'],
  ),
  METRICS_REFUSED: say(
    ['Только для мониторинга', 'Нужен токен метрик этой установки.'],
    ['Лише для моніторингу', 'Потрібен токен метрик цієї інсталяції.'],
    ['Solo para la supervisión', 'Se necesita el token de métricas de la instalación.'],
  ),
  OVERLOADED: say(
    ['Система сейчас занята', 'Идёт слишком много работы. Ничего не изменено; повторите чуть позже.'],
    ['Система зараз зайнята', 'Триває забагато роботи. Нічого не змінено; повторіть трохи згодом.'],
    ['Ocupado en este momento', 'Hay demasiada actividad. No se ha cambiado nada; inténtelo de nuevo en un momento.'],
  ),
  UNAVAILABLE: say(
    ['База данных недоступна', 'Ничего не изменено; повторите чуть позже.'],
    ['База даних недоступна', 'Нічого не змінено; повторіть трохи згодом.'],
    ['No se puede acceder a la base de datos', 'No se ha cambiado nada; inténtelo de nuevo en un momento.'],
  ),
  OUTCOME_UNKNOWN: say(
    [
      'Связь оборвалась при сохранении',
      'Изменение сохранено целиком или не сохранено вовсе.',
      'Проверьте, прежде чем повторять, или повторите с тем же Idempotency-Key.',
    ],
    [
      'Зв’язок обірвався під час збереження',
      'Зміну збережено повністю або не збережено зовсім.',
      'Перевірте, перш ніж повторювати, або повторіть із тим самим Idempotency-Key.',
    ],
    [
      'La conexión se cortó al guardar',
      'El cambio se ha guardado por completo o no se ha guardado.',
      'Compruébelo antes de repetir, o repita con la misma Idempotency-Key.',
    ],
  ),
  TIMEOUT: say(
    ['Это заняло слишком много времени', 'Работа остановлена. Ничего не изменено.', 'Запросите меньше за один раз или повторите.'],
    ['Це зайняло забагато часу', 'Роботу зупинено. Нічого не змінено.', 'Запитайте менше за один раз або повторіть.'],
    ['Esto ha tardado demasiado', 'El trabajo se ha detenido. No se ha cambiado nada.', 'Pida menos de una vez o inténtelo de nuevo.'],
  ),
  CONFLICT: say(
    ['Сейчас это невозможно', 'Это противоречит тому, что уже есть или происходит одновременно. Ничего не изменено.'],
    ['Зараз це неможливо', 'Це суперечить тому, що вже є або відбувається одночасно. Нічого не змінено.'],
    ['No es posible en este momento', 'Choca con algo que existe o que ocurre al mismo tiempo. No se ha cambiado nada.'],
  ),
  NO_ROOM: say(
    ['Нет места для файлов', 'В установке не осталось места, чтобы это сохранить. Место должен освободить её оператор; повторите позже.'],
    ['Немає місця для файлів', 'В інсталяції не лишилося місця, щоб це зберегти. Місце має звільнити її оператор; повторіть згодом.'],
    ['No hay espacio para archivos', 'La instalación no tiene espacio para guardar esto. Su operador debe liberarlo; inténtelo más tarde.'],
  ),
  NOT_READY: say(
    ['Система не готова', 'Нужное хранилище недоступно, или процесс завершает работу.'],
    ['Система не готова', 'Потрібне сховище недоступне, або процес завершує роботу.'],
    ['No está listo', 'No se puede acceder a un almacén necesario, o el proceso está terminando.'],
  ),
}
