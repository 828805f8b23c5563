/** What is said of a field by itself: bounds, defaults, switches, index columns, number series, currencies. */
import type { Translations } from './translations.ts'

export const FIELD_SENTENCES = {
  'The pattern is not a regular expression that runs in linear time.': [
    'Шаблон — не регулярное выражение с линейным временем выполнения.',
    'Шаблон — не регулярний вираз із лінійним часом виконання.',
    'El patrón no es una expresión regular de tiempo lineal.',
  ],
  'Leave out look-around and back references.': [
    'Уберите просмотр вперёд и назад и обратные ссылки.',
    'Приберіть перегляд уперед і назад та зворотні посилання.',
    'Quite las aserciones de contexto y las referencias hacia atrás.',
  ],
  '“{low}” of “{field}” is above its “{high}”.': [
    '«{low}» поля «{field}» больше, чем «{high}».',
    '«{low}» поля «{field}» більше, ніж «{high}».',
    '«{low}» de «{field}» es mayor que su «{high}».',
  ],
  'The default “{value}” is not an option of “{field}”.': [
    'Значение по умолчанию «{value}» — не вариант поля «{field}».',
    'Значення за замовчуванням «{value}» — не варіант поля «{field}».',
    'El valor predeterminado «{value}» no es una opción de «{field}».',
  ],
  'The default of “{field}” is no day of the calendar.': [
    'Значение по умолчанию поля «{field}» — не день календаря.',
    'Значення за замовчуванням поля «{field}» — не день календаря.',
    'El valor predeterminado de «{field}» no es un día del calendario.',
  ],
  'The default of “{field}” is neither an id nor a variable.': [
    'Значение по умолчанию поля «{field}» — не идентификатор и не переменная.',
    'Значення за замовчуванням поля «{field}» — не ідентифікатор і не змінна.',
    'El valor predeterminado de «{field}» no es un identificador ni una variable.',
  ],
  'The default of “{field}” has more than {scale} digits after the point.': [
    'В значении по умолчанию поля «{field}» знаков после запятой больше, чем {scale}.',
    'У значенні за замовчуванням поля «{field}» знаків після коми більше, ніж {scale}.',
    'El valor predeterminado de «{field}» tiene más de {scale} decimales.',
  ],
  'The default of “{field}” is outside its own bounds.': [
    'Значение по умолчанию поля «{field}» выходит за его границы.',
    'Значення за замовчуванням поля «{field}» виходить за його межі.',
    'El valor predeterminado de «{field}» está fuera de sus límites.',
  ],
  'A field of type {type} can not order lists.': [
    'По полю типа {type} нельзя сортировать списки.',
    'За полем типу {type} не можна сортувати списки.',
    'Un campo de tipo {type} no puede ordenar listas.',
  ],
  'A field of type {type} can not be filtered.': [
    'По полю типа {type} нельзя отбирать.',
    'За полем типу {type} не можна відбирати.',
    'Un campo de tipo {type} no se puede filtrar.',
  ],
  'Filter its records by "some", "every" or "none".': [
    'Отбирайте по его записям через "some", "every" или "none".',
    'Відбирайте за його записами через "some", "every" або "none".',
    'Filtre sus registros con "some", "every" o "none".',
  ],
  'A field of type {type} can not be searched.': [
    'По полю типа {type} нельзя искать.',
    'За полем типу {type} не можна шукати.',
    'No se puede buscar en un campo de tipo {type}.',
  ],
  '“{key}” is not entered, so it can not be required.': [
    'Поле «{key}» не вводят, поэтому оно не может быть обязательным.',
    'Поле «{key}» не вводять, тому воно не може бути обов’язковим.',
    '«{key}» no se introduce, así que no puede ser obligatorio.',
  ],
  'Use "min_items".': ['Укажите "min_items".', 'Укажіть "min_items".', 'Ponga "min_items".'],
  '“{key}” is required and read-only, so no record could be created.': [
    'Поле «{key}» обязательно и только для чтения: ни одной записи не создать.',
    'Поле «{key}» обов’язкове й лише для читання: жодного запису не створити.',
    '«{key}» es obligatorio y de solo lectura, así que no se podría crear ningún registro.',
  ],
  'Give it a default.': ['Задайте значение по умолчанию.', 'Задайте значення за замовчуванням.', 'Dele un valor predeterminado.'],
  '“{key}” is shown live and can not be written over.': [
    'Поле «{key}» показывается на лету, его нельзя переопределить.',
    'Поле «{key}» показується на льоту, його не можна перевизначити.',
    '«{key}» se muestra al momento y no se puede sobrescribir.',
  ],
  '“{slot}” is no index column for “{field}”.': [
    '«{slot}» — не столбец индекса для поля «{field}».',
    '«{slot}» — не стовпець індексу для поля «{field}».',
    '«{slot}» no es una columna de índice para «{field}».',
  ],
  '“{field}” is neither filterable nor sortable and takes no index column.': [
    'По полю «{field}» не отбирают и не сортируют, столбец индекса ему не нужен.',
    'За полем «{field}» не відбирають і не сортують, стовпець індексу йому не потрібен.',
    '«{field}» no se filtra ni se ordena y no ocupa ninguna columna de índice.',
  ],
  'The index column “{slot}” is already asked for by another field.': [
    'Столбец индекса «{slot}» уже занят другим полем.',
    'Стовпець індексу «{slot}» вже зайнятий іншим полем.',
    'Otro campo ya pide la columna de índice «{slot}».',
  ],
  '“{part}” means nothing in a number series.': [
    '«{part}» ничего не значит в серии номеров.',
    '«{part}» нічого не означає в серії номерів.',
    '«{part}» no significa nada en una serie de números.',
  ],
  'A number series needs {part} exactly once.': [
    'В серии номеров {part} должно стоять ровно один раз.',
    'У серії номерів {part} має стояти рівно один раз.',
    'Una serie de números necesita {part} exactamente una vez.',
  ],
  '“{currency}” is no text or choice, so it can not hold a currency.': [
    '«{currency}» — не текст и не поле выбора, валюту оно хранить не может.',
    '«{currency}» — не текст і не поле вибору, валюту воно зберігати не може.',
    '«{currency}» no es un texto ni una lista de opciones, así que no puede contener una moneda.',
  ],
  'Only a formula with the result money has a currency.': [
    'Валюта есть только у формулы с результатом money.',
    'Валюта є лише у формули з результатом money.',
    'Solo una fórmula con resultado money tiene moneda.',
  ],
  'Only a lookup of an amount has a currency.': [
    'Валюта есть только у поля lookup, которое берёт сумму.',
    'Валюта є лише в поля lookup, яке бере суму.',
    'Solo un campo lookup que toma un importe tiene moneda.',
  ],
} satisfies Record<string, Translations>
