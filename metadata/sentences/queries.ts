/** What is said of queries, predicates, exports and bodies of many operations. */
import type { Translations } from './translations.ts'

export const QUERY_SENTENCES = {
  'A predicate is an object: fields, and, or, not.': [
    'Условие — это объект: поля, and, or, not.',
    'Умова — це об’єкт: поля, and, or, not.',
    'Una condición es un objeto: campos, and, or, not.',
  ],
  'Conditions may be nested {limit} levels deep.': [
    'Наибольшая вложенность условий: {limit}.',
    'Найбільша вкладеність умов: {limit}.',
    'Las condiciones admiten como máximo {limit} niveles de anidación.',
  ],
  '"and" and "or" take a list of predicates.': [
    'Для "and" и "or" нужен список условий.',
    'Для "and" та "or" потрібен список умов.',
    '"and" y "or" requieren una lista de condiciones.',
  ],
  'A name takes an object of operators, such as {"eq": …}.': [
    'За именем должен следовать объект с операторами, например {"eq": …}.',
    'За назвою має стояти об’єкт з операторами, наприклад {"eq": …}.',
    'A un nombre le corresponde un objeto con operadores, por ejemplo {"eq": …}.',
  ],
  'This field is still being prepared for filters.': [
    'Это поле ещё готовится к отбору.',
    'Це поле ще готується до відбору.',
    'Este campo todavía se está preparando para los filtros.',
  ],
  'Try again in a while.': ['Повторите немного позже.', 'Повторіть трохи згодом.', 'Inténtelo de nuevo dentro de un rato.'],
  'A list may hold {limit} values.': [
    'Наибольшее число значений в списке: {limit}.',
    'Найбільша кількість значень у списку: {limit}.',
    'Una lista admite como máximo {limit} valores.',
  ],
  'Use one of: {names}.': ['Возможные значения: {names}.', 'Можливі значення: {names}.', 'Use uno de estos: {names}.'],
  'Expected a text of at most 1000 characters.': [
    'Ожидается текст длиной не более 1000 символов.',
    'Очікується текст завдовжки не більше 1000 символів.',
    'Se espera un texto de 1000 caracteres como máximo.',
  ],
  'Expected a decimal number as text, such as "10.50".': [
    'Ожидается десятичное число в виде текста, например "10.50".',
    'Очікується десяткове число у вигляді тексту, наприклад "10.50".',
    'Se espera un número decimal como texto, por ejemplo "10.50".',
  ],
  'Expected a number.': ['Ожидается число.', 'Очікується число.', 'Se espera un número.'],
  'Expected a whole number.': ['Ожидается целое число.', 'Очікується ціле число.', 'Se espera un número entero.'],
  'Expected true or false.': ['Ожидается true или false.', 'Очікується true або false.', 'Se espera true o false.'],
  'Expected a date such as "2025-01-31".': [
    'Ожидается дата, например "2025-01-31".',
    'Очікується дата, наприклад "2025-01-31".',
    'Se espera una fecha, por ejemplo "2025-01-31".',
  ],
  'Expected a time such as "2025-01-31T09:30:00Z".': [
    'Ожидаются дата и время, например "2025-01-31T09:30:00Z".',
    'Очікуються дата й час, наприклад "2025-01-31T09:30:00Z".',
    'Se esperan una fecha y una hora, por ejemplo "2025-01-31T09:30:00Z".',
  ],
  'Expected one of the options.': ['Ожидается один из вариантов.', 'Очікується один із варіантів.', 'Se espera una de las opciones.'],
  'Expected an id (UUID).': ['Ожидается идентификатор (UUID).', 'Очікується ідентифікатор (UUID).', 'Se espera un identificador (UUID).'],
  'Expected nothing: this field can only be tested with is_null.': [
    'Значение здесь не нужно: это поле можно проверить только оператором is_null.',
    'Значення тут не потрібне: це поле можна перевірити лише оператором is_null.',
    'Aquí no va ningún valor: este campo solo se puede comprobar con is_null.',
  ],
  'Expected a list of two values, the lower one first.': [
    'Ожидается список из двух значений, сначала меньшее.',
    'Очікується список із двох значень, спочатку менше.',
    'Se espera una lista de dos valores, primero el menor.',
  ],
  'Expected a list of values.': ['Ожидается список значений.', 'Очікується список значень.', 'Se espera una lista de valores.'],
  'Expected a period such as today, this_week or last_month.': [
    'Ожидается период, например today, this_week или last_month.',
    'Очікується період, наприклад today, this_week або last_month.',
    'Se espera un período, por ejemplo today, this_week o last_month.',
  ],
  'Expected a duration such as "P7D", "P3M" or "PT12H".': [
    'Ожидается длительность, например "P7D", "P3M" или "PT12H".',
    'Очікується тривалість, наприклад "P7D", "P3M" або "PT12H".',
    'Se espera una duración, por ejemplo "P7D", "P3M" o "PT12H".',
  ],
  'Expected a duration of whole days, such as "P7D".': [
    'Ожидается длительность в целых днях, например "P7D".',
    'Очікується тривалість у повних днях, наприклад "P7D".',
    'Se espera una duración en días enteros, por ejemplo "P7D".',
  ],
  'Expected a text that is not empty.': ['Ожидается непустой текст.', 'Очікується непорожній текст.', 'Se espera un texto no vacío.'],
  'Expected a variable that exists here; a text that begins with $ is written $$.': [
    'Ожидается переменная, которая здесь есть; текст, начинающийся с $, пишется через $$.',
    'Очікується змінна, яка тут є; текст, що починається з $, пишеться через $$.',
    'Se espera una variable que exista aquí; un texto que empieza por $ se escribe con $$.',
  ],
  'This can not be asked of this field.': [
    'Этому полю нельзя задать такое условие.',
    'Цьому полю не можна задати таку умову.',
    'Esta condición no es posible con este campo.',
  ],
  'There is no such name here.': ['Такого имени здесь нет.', 'Такої назви тут немає.', 'Aquí no existe ese nombre.'],
  'Did you mean “{nearest}”?': [
    'Возможно, имелось в виду «{nearest}»?',
    'Можливо, малося на увазі «{nearest}»?',
    '¿Quiso decir «{nearest}»?',
  ],
  'At most {limit} conditions may be asked at once.': [
    'Наибольшее число условий в одном запросе: {limit}.',
    'Найбільша кількість умов в одному запиті: {limit}.',
    'Una consulta admite como máximo {limit} condiciones.',
  ],
  'There is no "{name}" here.': ['Имени «{name}» здесь нет.', 'Назви «{name}» тут немає.', 'Aquí no existe «{name}».'],
  'Did you mean "{nearest}"?': [
    'Возможно, имелось в виду «{nearest}»?',
    'Можливо, малося на увазі «{nearest}»?',
    '¿Quiso decir «{nearest}»?',
  ],
  'This goes over the limit {cap} = {limit}.': [
    'Превышено ограничение {cap} = {limit}.',
    'Перевищено обмеження {cap} = {limit}.',
    'Se supera el límite {cap} = {limit}.',
  ],
  'Ask for at most {limit}.': ['Запросите не больше {limit}.', 'Запитайте не більше {limit}.', 'Pida {limit} como máximo.'],
  '"{name}" is already a sort key.': [
    'По полю «{name}» уже сортируется.',
    'За полем «{name}» уже сортується.',
    'Ya se ordena por «{name}».',
  ],
  '"{name}" is still being prepared for sorting.': [
    'Поле «{name}» ещё готовится к сортировке.',
    'Поле «{name}» ще готується до сортування.',
    '«{name}» todavía se está preparando para ordenar.',
  ],
  '"{name}" can not be used for sorting.': [
    'По полю «{name}» нельзя сортировать.',
    'За полем «{name}» не можна сортувати.',
    'No se puede ordenar por «{name}».',
  ],
  'Sort by {names}.': ['Сортировать можно по полям: {names}.', 'Сортувати можна за полями: {names}.', 'Se puede ordenar por: {names}.'],
  'Records can not be grouped by "{name}".': [
    'По полю «{name}» нельзя группировать.',
    'За полем «{name}» не можна групувати.',
    'No se puede agrupar por «{name}».',
  ],
  'Group by {names}.': ['Группировать можно по полям: {names}.', 'Групувати можна за полями: {names}.', 'Se puede agrupar por: {names}.'],
  '"{use}" can not be taken of "{name}".': [
    'Для поля «{name}» нельзя вычислить "{use}".',
    'Для поля «{name}» не можна обчислити "{use}".',
    'No se puede calcular "{use}" de «{name}».',
  ],
  'It can be taken of {names}.': [
    'Это можно вычислить для полей: {names}.',
    'Це можна обчислити для полів: {names}.',
    'Se puede calcular de: {names}.',
  ],
  '"{name}" can not be followed here.': [
    'По ссылке «{name}» здесь нельзя перейти.',
    'За посиланням «{name}» тут не можна перейти.',
    'Aquí no se puede seguir la referencia «{name}».',
  ],
  '"{name}" can not be included in a query.': [
    '«{name}» нельзя включить в запрос.',
    '«{name}» не можна включити до запиту.',
    '«{name}» no se puede incluir en una consulta.',
  ],
  '"{name}" stands there twice.': ['Имя «{name}» указано дважды.', 'Назву «{name}» указано двічі.', '«{name}» aparece dos veces.'],
  '"{name}" is no date that could be cut into periods.': [
    'Поле «{name}» — не дата, его нельзя разбить на периоды.',
    'Поле «{name}» — не дата, його не можна розбити на періоди.',
    '«{name}» no es una fecha que se pueda dividir en períodos.',
  ],
  'The trash can not be listed.': ['Корзину нельзя показать.', 'Кошик не можна показати.', 'No se puede mostrar la papelera.'],
  'The cursor is not valid for this query any more.': [
    'Курсор больше не подходит к этому запросу.',
    'Курсор більше не підходить до цього запиту.',
    'El cursor ya no es válido para esta consulta.',
  ],
  'An object is expected.': ['Ожидается объект.', 'Очікується об’єкт.', 'Se espera un objeto.'],
  'An object with fields is expected.': ['Ожидается объект с полями.', 'Очікується об’єкт із полями.', 'Se espera un objeto con campos.'],
  '"{name}" is not made of this record.': [
    'Из этой записи «{name}» не создаётся.',
    'З цього запису «{name}» не створюється.',
    'De este registro no se crea «{name}».',
  ],
  'Filter more, or ask for the first {limit} by "limit".': [
    'Сузьте отбор или запросите первые записи, указав "limit" не больше {limit}.',
    'Звузьте відбір або запитайте перші записи, указавши "limit" не більше {limit}.',
    'Filtre más o pida los {limit} primeros con "limit".',
  ],
  'Ask for at most {rows} rows of these columns by "limit", or for the format csv.': [
    'С этими столбцами укажите "limit" не больше {rows} или выберите формат csv.',
    'З цими стовпцями вкажіть "limit" не більше {rows} або виберіть формат csv.',
    'Con estas columnas, pida {rows} filas como máximo con "limit" o elija el formato csv.',
  ],
  '"limit" must be a whole number from 1.': [
    '"limit" — целое число не меньше 1.',
    '"limit" — ціле число не менше 1.',
    '"limit" debe ser un número entero a partir de 1.',
  ],
  'Filter more, or sort by one key.': [
    'Сузьте отбор или сортируйте по одному полю.',
    'Звузьте відбір або сортуйте за одним полем.',
    'Filtre más u ordene por un solo campo.',
  ],
  'Filter more, or leave out the sort.': [
    'Сузьте отбор или откажитесь от сортировки.',
    'Звузьте відбір або відмовтеся від сортування.',
    'Filtre más o no ordene.',
  ],
  'There is nothing here that can be searched.': [
    'Здесь нет ничего, в чём можно искать.',
    'Тут немає нічого, у чому можна шукати.',
    'Aquí no hay nada en lo que se pueda buscar.',
  ],
  'A record can be named once.': [
    'Запись можно указать один раз.',
    'Запис можна вказати один раз.',
    'Un registro solo se puede indicar una vez.',
  ],
  'An operation is {"op":"create","values"}, {"op":"update","id","version","values"} or {"op":"delete","id","version"}.': [
    'Операция — это {"op":"create","values"}, {"op":"update","id","version","values"} или {"op":"delete","id","version"}.',
    'Операція — це {"op":"create","values"}, {"op":"update","id","version","values"} або {"op":"delete","id","version"}.',
    'Una operación es {"op":"create","values"}, {"op":"update","id","version","values"} o {"op":"delete","id","version"}.',
  ],
  'Records and their lines count together: send them in several requests.': [
    'Записи и их строки считаются вместе: отправьте их несколькими запросами.',
    'Записи та їхні рядки рахуються разом: надішліть їх кількома запитами.',
    'Los registros y sus líneas cuentan juntos: envíelos en varias solicitudes.',
  ],
  '"{name}" is nothing that you could reveal.': [
    'Поле «{name}» вам нельзя раскрыть.',
    'Поле «{name}» вам не можна розкрити.',
    'Usted no puede revelar «{name}».',
  ],
  'What can be revealed: {names}.': ['Можно раскрыть: {names}.', 'Можна розкрити: {names}.', 'Se puede revelar: {names}.'],
  '"{name}" holds several records and has no place in a table.': [
    '«{name}» содержит несколько записей и не помещается в таблицу.',
    '«{name}» містить кілька записів і не вміщується в таблицю.',
    '«{name}» contiene varios registros y no cabe en una tabla.',
  ],
} satisfies Record<string, Translations>
