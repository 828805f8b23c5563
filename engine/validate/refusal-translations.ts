/** What field types say against a value, in Russian, Ukrainian and Spanish; a missing code does not compile. */
import type { RefusalCode } from '../field-types/index.ts'
import type { Locale } from '../kernel/context.ts'

export const TRANSLATED_REFUSALS: Readonly<Record<Exclude<Locale, 'en'>, Readonly<Record<RefusalCode, string>>>> = {
  ru: {
    VALIDATE_TYPE: 'ожидается {expected}.', VALIDATE_TEXT: 'содержит недопустимые символы.', VALIDATE_EMPTY: 'пустой текст не допускается; уберите поле или передайте null.',
    VALIDATE_MIN_LENGTH: 'не короче {minimum} символов.', VALIDATE_MAX_LENGTH: 'не длиннее {maximum} символов.', VALIDATE_PATTERN: 'значение не соответствует требуемому виду.', VALIDATE_EMAIL: 'нужен адрес почты, например name@example.com.',
    VALIDATE_PHONE: 'нужен номер телефона, например +49 30 123456.', VALIDATE_URL: 'нужен веб-адрес, начинающийся с http:// или https://, без пароля.', VALIDATE_INTEGER: 'нужно целое число.',
    VALIDATE_DECIMAL: 'нужно число, например 1250.5, переданное текстом.', VALIDATE_SCALE: 'не более {scale} знаков после запятой.', VALIDATE_DIGITS: 'не более {digits} знаков до запятой.',
    VALIDATE_MINIMUM: 'не меньше {minimum}.', VALIDATE_MAXIMUM: 'не больше {maximum}.', VALIDATE_DATE: 'нужна дата календаря, ГГГГ-ММ-ДД.', VALIDATE_DATETIME: 'нужно время, например 2026-05-01T14:30:00Z.',
    VALIDATE_OPTION: 'значения «{value}» нет среди вариантов.', VALIDATE_ID: 'нужен идентификатор записи.', VALIDATE_DUPLICATE: '«{value}» указано дважды.', VALIDATE_MIN_ITEMS: 'не меньше {minimum} значений.',
    VALIDATE_MAX_ITEMS: 'не больше {maximum} значений.', VALIDATE_UNKNOWN_PART: 'части «{part}» не существует.', VALIDATE_REQUIRED_PART: 'часть «{part}» обязательна.', VALIDATE_COUNTRY: '«{value}» — не двухбуквенный код страны (ISO 3166-1).',
    VALIDATE_JSON: 'это не JSON, который можно сохранить.', VALIDATE_JSON_SIZE: 'не больше {maximum} байт.', VALIDATE_JSON_DEPTH: 'не глубже {maximum} уровней.',
    VALIDATE_CELL_NUMBER: '«{text}» — не число в принятой здесь записи, например {example}.', VALIDATE_CELL_NUMBER_AMBIGUOUS: '«{text}» можно прочесть как два разных числа; пишите без разделителей тысяч.',
    VALIDATE_CELL_BOOLEAN: '«{text}» — не «да» и не «нет».', VALIDATE_CELL_DATE: '«{text}» — не дата; пишите ГГГГ-ММ-ДД.', VALIDATE_CELL_DATE_AMBIGUOUS: '«{text}» можно прочесть как две даты; пишите ГГГГ-ММ-ДД.',
    VALIDATE_CELL_TIME: '«{text}» — не время; пишите ГГГГ-ММ-ДД ЧЧ:ММ.', VALIDATE_CELL_TIME_AMBIGUOUS: '«{text}» бывает дважды при переводе часов; добавьте смещение, например +02:00.', VALIDATE_CELL_TIME_SKIPPED: '«{text}» не бывает: часы переводят через это время.',
    VALIDATE_CELL_OPTION_AMBIGUOUS: '«{text}» — название нескольких вариантов; пишите само значение.', VALIDATE_CELL_LIST: '«{text}» — не список: кавычка не закрыта.', VALIDATE_CELL_NAME_AMBIGUOUS: '«{text}» можно прочесть как разные имена; пишите «Фамилия, Имя».',
  },
  uk: {
    VALIDATE_TYPE: 'очікується {expected}.', VALIDATE_TEXT: 'містить неприпустимі символи.', VALIDATE_EMPTY: 'порожній текст не допускається; приберіть поле або передайте null.',
    VALIDATE_MIN_LENGTH: 'не коротше {minimum} символів.', VALIDATE_MAX_LENGTH: 'не довше {maximum} символів.', VALIDATE_PATTERN: 'значення не відповідає потрібному вигляду.', VALIDATE_EMAIL: 'потрібна адреса пошти, наприклад name@example.com.',
    VALIDATE_PHONE: 'потрібен номер телефону, наприклад +49 30 123456.', VALIDATE_URL: 'потрібна вебадреса, що починається з http:// або https://, без пароля.', VALIDATE_INTEGER: 'потрібне ціле число.',
    VALIDATE_DECIMAL: 'потрібне число, наприклад 1250.5, передане текстом.', VALIDATE_SCALE: 'не більше {scale} знаків після коми.', VALIDATE_DIGITS: 'не більше {digits} знаків до коми.',
    VALIDATE_MINIMUM: 'не менше {minimum}.', VALIDATE_MAXIMUM: 'не більше {maximum}.', VALIDATE_DATE: 'потрібна дата календаря, РРРР-ММ-ДД.', VALIDATE_DATETIME: 'потрібен час, наприклад 2026-05-01T14:30:00Z.',
    VALIDATE_OPTION: 'значення «{value}» немає серед варіантів.', VALIDATE_ID: 'потрібен ідентифікатор запису.', VALIDATE_DUPLICATE: '«{value}» вказано двічі.', VALIDATE_MIN_ITEMS: 'не менше {minimum} значень.',
    VALIDATE_MAX_ITEMS: 'не більше {maximum} значень.', VALIDATE_UNKNOWN_PART: 'частини «{part}» не існує.', VALIDATE_REQUIRED_PART: 'частина «{part}» обов’язкова.', VALIDATE_COUNTRY: '«{value}» — не дволітерний код країни (ISO 3166-1).',
    VALIDATE_JSON: 'це не JSON, який можна зберегти.', VALIDATE_JSON_SIZE: 'не більше {maximum} байтів.', VALIDATE_JSON_DEPTH: 'не глибше {maximum} рівнів.',
    VALIDATE_CELL_NUMBER: '«{text}» — не число у прийнятому тут записі, наприклад {example}.', VALIDATE_CELL_NUMBER_AMBIGUOUS: '«{text}» можна прочитати як два різні числа; пишіть без роздільників тисяч.',
    VALIDATE_CELL_BOOLEAN: '«{text}» — не «так» і не «ні».', VALIDATE_CELL_DATE: '«{text}» — не дата; пишіть РРРР-ММ-ДД.', VALIDATE_CELL_DATE_AMBIGUOUS: '«{text}» можна прочитати як дві дати; пишіть РРРР-ММ-ДД.',
    VALIDATE_CELL_TIME: '«{text}» — не час; пишіть РРРР-ММ-ДД ГГ:ХХ.', VALIDATE_CELL_TIME_AMBIGUOUS: '«{text}» буває двічі під час переведення годинника; додайте зміщення, наприклад +02:00.', VALIDATE_CELL_TIME_SKIPPED: '«{text}» не буває: годинник переводять через цей час.',
    VALIDATE_CELL_OPTION_AMBIGUOUS: '«{text}» — назва кількох варіантів; пишіть саме значення.', VALIDATE_CELL_LIST: '«{text}» — не список: лапки не закрито.', VALIDATE_CELL_NAME_AMBIGUOUS: '«{text}» можна прочитати як різні імена; пишіть «Прізвище, Ім’я».',
  },
  es: {
    VALIDATE_TYPE: 'se espera {expected}.', VALIDATE_TEXT: 'contiene caracteres que no se pueden guardar.', VALIDATE_EMPTY: 'no puede ser un texto vacío; omítalo o envíe null.',
    VALIDATE_MIN_LENGTH: 'al menos {minimum} caracteres.', VALIDATE_MAX_LENGTH: 'como máximo {maximum} caracteres.', VALIDATE_PATTERN: 'no tiene la forma requerida.', VALIDATE_EMAIL: 'se espera un correo como name@example.com.',
    VALIDATE_PHONE: 'se espera un teléfono como +49 30 123456.', VALIDATE_URL: 'se espera una dirección web que empiece por http:// o https:// y sin contraseña.', VALIDATE_INTEGER: 'se espera un número entero.',
    VALIDATE_DECIMAL: 'se espera un número como 1250.5, enviado como texto.', VALIDATE_SCALE: 'como máximo {scale} decimales.', VALIDATE_DIGITS: 'como máximo {digits} cifras antes del punto.',
    VALIDATE_MINIMUM: 'al menos {minimum}.', VALIDATE_MAXIMUM: 'como máximo {maximum}.', VALIDATE_DATE: 'se espera un día del calendario, AAAA-MM-DD.', VALIDATE_DATETIME: 'se espera una hora como 2026-05-01T14:30:00Z.',
    VALIDATE_OPTION: '«{value}» no es una de las opciones.', VALIDATE_ID: 'se espera el id de un registro.', VALIDATE_DUPLICATE: '«{value}» aparece dos veces.', VALIDATE_MIN_ITEMS: 'al menos {minimum} entradas.',
    VALIDATE_MAX_ITEMS: 'como máximo {maximum} entradas.', VALIDATE_UNKNOWN_PART: 'no existe la parte «{part}».', VALIDATE_REQUIRED_PART: 'falta la parte «{part}».', VALIDATE_COUNTRY: '«{value}» no es un código de país de dos letras (ISO 3166-1).',
    VALIDATE_JSON: 'no es un JSON que se pueda guardar.', VALIDATE_JSON_SIZE: 'como máximo {maximum} bytes.', VALIDATE_JSON_DEPTH: 'como máximo {maximum} niveles de profundidad.',
    VALIDATE_CELL_NUMBER: '«{text}» no es un número como se escribe aquí, por ejemplo {example}.', VALIDATE_CELL_NUMBER_AMBIGUOUS: '«{text}» se puede leer como dos números; escríbalo sin separadores de miles.',
    VALIDATE_CELL_BOOLEAN: '«{text}» no es ni sí ni no.', VALIDATE_CELL_DATE: '«{text}» no es un día; escriba AAAA-MM-DD.', VALIDATE_CELL_DATE_AMBIGUOUS: '«{text}» se puede leer como dos días; escriba AAAA-MM-DD.',
    VALIDATE_CELL_TIME: '«{text}» no es una hora; escriba AAAA-MM-DD HH:MM.', VALIDATE_CELL_TIME_AMBIGUOUS: '«{text}» ocurre dos veces al cambiar la hora; añada el desfase, por ejemplo +02:00.', VALIDATE_CELL_TIME_SKIPPED: '«{text}» no existe: los relojes saltan esa hora.',
    VALIDATE_CELL_OPTION_AMBIGUOUS: '«{text}» es el nombre de varias opciones; escriba el valor.', VALIDATE_CELL_LIST: '«{text}» no es una lista: hay una comilla sin cerrar.', VALIDATE_CELL_NAME_AMBIGUOUS: '«{text}» se puede leer como varios nombres; escriba «Apellido, Nombre».',
  },
}
