/** What is said of layouts, views and menus. */
import type { Translations } from './translations.ts'

export const SCREEN_SENTENCES = {
  'A layout has either tabs or sections.': [
    'В форме либо вкладки, либо разделы.',
    'У формі або вкладки, або розділи.',
    'Un formulario tiene pestañas o secciones.',
  ],
  '“{key}” already stands in the section “{section}”.': [
    'Поле «{key}» уже есть в разделе «{section}».',
    'Поле «{key}» вже є в розділі «{section}».',
    '«{key}» ya está en la sección «{section}».',
  ],
  '“{key}” is wider than its section, whose width is {columns}.': [
    'Поле «{key}» шире своего раздела; ширина раздела: {columns}.',
    'Поле «{key}» ширше за свій розділ; ширина розділу: {columns}.',
    '«{key}» es más ancho que su sección, cuya anchura es {columns}.',
  ],
  '“{entity}” has no query policy, so nothing may be asked of it.': [
    'У «{entity}» нет политики запросов (query_policy), поэтому запрашивать нечего.',
    'У «{entity}» немає політики запитів (query_policy), тому запитувати нічого.',
    '«{entity}» no tiene política de consultas (query_policy), así que no se le puede preguntar nada.',
  ],
  'Add a query_policy for “{entity}”.': [
    'Добавьте query_policy для «{entity}».',
    'Додайте query_policy для «{entity}».',
    'Añada una query_policy para «{entity}».',
  ],
  '“{entity}” already has a view that opens first.': [
    'У «{entity}» уже есть представление, которое открывается первым.',
    'У «{entity}» вже є подання, яке відкривається першим.',
    '«{entity}» ya tiene una vista que se abre primero.',
  ],
  'The query policy of “{entity}” does not permit sorting by “{key}”.': [
    'Политика запросов «{entity}» не разрешает сортировку по «{key}».',
    'Політика запитів «{entity}» не дозволяє сортування за «{key}».',
    'La política de consultas de «{entity}» no permite ordenar por «{key}».',
  ],
  'Add "{key}" to "sort" of “{policy}”.': [
    'Добавьте "{key}" в "sort" документа «{policy}».',
    'Додайте "{key}" до "sort" документа «{policy}».',
    'Añada "{key}" a "sort" de «{policy}».',
  ],
  'The query policy of “{entity}” does not permit filtering by “{key}”.': [
    'Политика запросов «{entity}» не разрешает отбор по «{key}».',
    'Політика запитів «{entity}» не дозволяє відбір за «{key}».',
    'La política de consultas de «{entity}» no permite filtrar por «{key}».',
  ],
  'Add "{key}" to "filter" of “{policy}”.': [
    'Добавьте "{key}" в "filter" документа «{policy}».',
    'Додайте "{key}" до "filter" документа «{policy}».',
    'Añada "{key}" a "filter" de «{policy}».',
  ],
  'The query policy permits pages of at most {cap}.': [
    'Политика запросов разрешает страницы не больше {cap}.',
    'Політика запитів дозволяє сторінки не більше {cap}.',
    'La política de consultas permite páginas de {cap} como máximo.',
  ],
  '“{item}” opens either an entity or a view.': [
    'Пункт «{item}» открывает либо сущность, либо представление.',
    'Пункт «{item}» відкриває або сутність, або подання.',
    '«{item}» abre una entidad o una vista.',
  ],
  '“{key}” is not a choice.': ['«{key}» — не поле выбора.', '«{key}» — не поле вибору.', '«{key}» no es una lista de opciones.'],
  '“{key}” is not a number.': ['«{key}» — не число.', '«{key}» не є числом.', '«{key}» no es un número.'],
  '“{key}” is not a date.': ['«{key}» — не дата.', '«{key}» не є датою.', '«{key}» no es una fecha.'],
} satisfies Record<string, Translations>
