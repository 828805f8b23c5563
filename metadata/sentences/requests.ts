/** What is said of bodies that are no sound JSON, of uploads and of import maps in a caller's hands. */
import type { Translations } from './translations.ts'

export const REQUEST_SENTENCES = {
  'There is no JSON here.': ['Здесь нет JSON.', 'Тут немає JSON.', 'Aquí no hay JSON.'],
  'The JSON ends too early.': ['JSON обрывается.', 'JSON обривається.', 'El JSON termina antes de tiempo.'],
  'This is not JSON: unexpected character in line {line}, column {column}.': [
    'Это не JSON: неожиданный символ в строке {line}, позиция {column}.',
    'Це не JSON: неочікуваний символ у рядку {line}, позиція {column}.',
    'Esto no es JSON: carácter inesperado en la línea {line}, columna {column}.',
  ],
  'A text holds a character that can not be stored.': [
    'В тексте есть символ, который нельзя сохранить.',
    'У тексті є символ, який не можна зберегти.',
    'Un texto contiene un carácter que no se puede guardar.',
  ],
  'The JSON is nested deeper than {depth} levels.': [
    'Наибольшая вложенность JSON: {depth}.',
    'Найбільша вкладеність JSON: {depth}.',
    'El JSON admite como máximo {depth} niveles de anidación.',
  ],
  'A number is too large.': ['Число слишком велико.', 'Число завелике.', 'Un número es demasiado grande.'],
  'Exact large numbers travel as text.': [
    'Большие точные числа передаются текстом.',
    'Великі точні числа передаються текстом.',
    'Los números grandes y exactos se envían como texto.',
  ],
  'The name “{name}” stands twice in one object.': [
    'Имя «{name}» указано в одном объекте дважды.',
    'Назву «{name}» указано в одному об’єкті двічі.',
    'El nombre «{name}» aparece dos veces en un objeto.',
  ],
  'The name “{name}” is not allowed.': [
    'Имя «{name}» не допускается.',
    'Назва «{name}» не дозволена.',
    'El nombre «{name}» no está permitido.',
  ],
  'The body is not UTF-8.': ['Тело не в кодировке UTF-8.', 'Тіло не в кодуванні UTF-8.', 'El cuerpo no está en UTF-8.'],
  'The parts are “file”, “map” and “dry_run”, each once.': [
    'Допустимы части «file», «map» и «dry_run», каждая один раз.',
    'Допустимі частини «file», «map» і «dry_run», кожна один раз.',
    'Las partes son «file», «map» y «dry_run», cada una una vez.',
  ],
  '“{name}” is true or false.': ['Значение «{name}» — true или false.', 'Значення «{name}» — true або false.', '«{name}» es true o false.'],
  'There is no such import map.': ['Такой схемы импорта нет.', 'Такої схеми імпорту немає.', 'No existe ese mapa de importación.'],
  'A document of kind “{kind}” is needed.': [
    'Нужен документ вида «{kind}».',
    'Потрібен документ виду «{kind}».',
    'Se necesita un documento de tipo «{kind}».',
  ],
  '“{field}” is filled by another column already.': [
    'Поле «{field}» уже заполняется другим столбцом.',
    'Поле «{field}» уже заповнює інший стовпець.',
    '«{field}» ya se rellena con otra columna.',
  ],
  'A format of days is written like dd.MM.yyyy or yyyy-MM-dd HH:mm.': [
    'Формат даты записывается так: dd.MM.yyyy или yyyy-MM-dd HH:mm.',
    'Формат дати записується так: dd.MM.yyyy або yyyy-MM-dd HH:mm.',
    'Un formato de fecha se escribe así: dd.MM.yyyy o yyyy-MM-dd HH:mm.',
  ],
  'No column fills “{key}”.': [
    'Ни один столбец не заполняет «{key}».',
    'Жоден стовпець не заповнює «{key}».',
    'Ninguna columna rellena «{key}».',
  ],
  'Records can not be found by “{key}”.': [
    'Записи нельзя найти по полю «{key}».',
    'Записи не можна знайти за полем «{key}».',
    'No se pueden buscar registros por «{key}».',
  ],
  'The map names something that is not here.': [
    'Схема называет то, чего здесь нет.',
    'Схема називає те, чого тут немає.',
    'El mapa nombra algo que no está aquí.',
  ],
} satisfies Record<string, Translations>
