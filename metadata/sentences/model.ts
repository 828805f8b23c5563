/** What is said of names, references, rules, stages, rights, query policies and import maps in documents. */
import type { Translations } from './translations.ts'

export const MODEL_SENTENCES = {
  'There is no entity “{name}”.': ['Сущности «{name}» нет.', 'Сутності «{name}» немає.', 'No existe la entidad «{name}».'],
  'There is no field “{name}”.': ['Поля «{name}» нет.', 'Поля «{name}» немає.', 'No existe el campo «{name}».'],
  'There is no relation “{name}”.': ['Связи «{name}» нет.', 'Зв’язку «{name}» немає.', 'No existe la relación «{name}».'],
  'There is no profile “{name}”.': ['Профиля «{name}» нет.', 'Профілю «{name}» немає.', 'No existe el perfil «{name}».'],
  'There is no view “{name}”.': ['Представления «{name}» нет.', 'Подання «{name}» немає.', 'No existe la vista «{name}».'],
  'There is no state “{name}”.': ['Состояния «{name}» нет.', 'Стану «{name}» немає.', 'No existe el estado «{name}».'],
  'There is no pack “{name}”.': ['Пакета «{name}» нет.', 'Пакета «{name}» немає.', 'No existe el paquete «{name}».'],
  'There is no step “{name}”.': ['Шага «{name}» нет.', 'Кроку «{name}» немає.', 'No existe el paso «{name}».'],
  'There is no field or relation “{name}”.': [
    'Поля или связи «{name}» нет.',
    'Поля чи зв’язку «{name}» немає.',
    'No existe el campo ni la relación «{name}».',
  ],
  'Possible: {names}.': ['Возможно: {names}.', 'Можливо: {names}.', 'Posibles: {names}.'],
  'Possible for: {names}.': ['Возможно для: {names}.', 'Можливо для: {names}.', 'Posible para: {names}.'],
  'Such as {example}.': ['Например: {example}.', 'Наприклад: {example}.', 'Por ejemplo: {example}.'],
  '“{operator}” can not be asked of “{name}” here.': [
    'К «{name}» здесь нельзя применить «{operator}».',
    'До «{name}» тут не можна застосувати «{operator}».',
    'Aquí no se puede aplicar «{operator}» a «{name}».',
  ],
  '“{name}”: {problem}': ['«{name}»: {problem}', '«{name}» — {problem}', '«{name}» – {problem}'],
  '“{identity}” stands twice here.': [
    '«{identity}» указано здесь дважды.',
    '«{identity}» вказано тут двічі.',
    '«{identity}» aparece aquí dos veces.',
  ],
  '“{base}” is the converted amount of “{field}” and can not be a field of its own.': [
    '«{base}» — пересчитанная сумма поля «{field}» и не может быть отдельным полем.',
    '«{base}» — перерахована сума поля «{field}» і не може бути окремим полем.',
    '«{base}» es el importe convertido de «{field}» y no puede ser un campo propio.',
  ],
  '“{target}” already has a field “{key}”.': [
    'У «{target}» уже есть поле «{key}».',
    'У «{target}» вже є поле «{key}».',
    '«{target}» ya tiene un campo «{key}».',
  ],
  '“{target}” already has a relation “{key}”.': [
    'У «{target}» уже есть связь «{key}».',
    'У «{target}» вже є зв’язок «{key}».',
    '«{target}» ya tiene una relación «{key}».',
  ],
  '“{field}” is required, so it can not be emptied when its target is deleted.': [
    'Поле «{field}» обязательно, поэтому его нельзя очистить при удалении записи, на которую оно указывает.',
    'Поле «{field}» обов’язкове, тому його не можна очистити, коли видаляють запис, на який воно вказує.',
    '«{field}» es obligatorio y no se puede vaciar al eliminar su destino.',
  ],
  'Use "restrict" or "cascade".': ['Укажите "restrict" или "cascade".', 'Укажіть "restrict" або "cascade".', 'Use "restrict" o "cascade".'],
  '“{entity}” already has a parent field.': [
    'У «{entity}» уже есть поле родителя.',
    'У «{entity}» вже є поле батьківського запису.',
    '«{entity}» ya tiene un campo padre.',
  ],
  '“{target_field}” of “{target}” is no reference to “{entity}”.': [
    'Поле «{target_field}» в «{target}» не ссылается на «{entity}».',
    'Поле «{target_field}» у «{target}» не посилається на «{entity}».',
    '«{target_field}» de «{target}» no es una referencia a «{entity}».',
  ],
  '“{target}” already holds the lines of “{entity}”.': [
    'В «{target}» уже хранятся строки «{entity}».',
    'У «{target}» вже зберігаються рядки «{entity}».',
    '«{target}» ya contiene las líneas de «{entity}».',
  ],
  'The tables run in a circle: {names}.': [
    'Таблицы образуют круг: {names}.',
    'Таблиці утворюють коло: {names}.',
    'Las tablas forman un círculo: {names}.',
  ],
  'Records need a field of text that they are called by.': [
    'Записям нужно текстовое поле, по которому они называются.',
    'Записам потрібне текстове поле, за яким вони називаються.',
    'Los registros necesitan un campo de texto que les dé nombre.',
  ],
  'Add a field of type text or autonumber.': [
    'Добавьте поле типа text или autonumber.',
    'Додайте поле типу text або autonumber.',
    'Añada un campo de tipo text o autonumber.',
  ],
  '“{title}” is no text, so records can not be called by it.': [
    '«{title}» — не текст, поэтому записи нельзя называть по нему.',
    '«{title}» — не текст, тому записи не можна називати за ним.',
    '«{title}» no es un texto, así que no puede dar nombre a los registros.',
  ],
  '“{key}” can not be part of a unique rule.': [
    'Поле «{key}» не может входить в правило уникальности.',
    'Поле «{key}» не може входити до правила унікальності.',
    '«{key}» no puede formar parte de una regla de unicidad.',
  ],
  'Its value is not kept in this record.': [
    'Его значение не хранится в этой записи.',
    'Його значення не зберігається в цьому записі.',
    'Su valor no se guarda en este registro.',
  ],
  '“{field}” is no choice, so it can not hold a stage.': [
    '«{field}» — не поле выбора и не может хранить этап.',
    '«{field}» — не поле вибору й не може зберігати етап.',
    '«{field}» no es una lista de opciones y no puede contener una etapa.',
  ],
  '“{earlier}” already rules the same field.': [
    '«{earlier}» уже управляет этим полем.',
    '«{earlier}» вже керує цим полем.',
    '«{earlier}» ya gobierna el mismo campo.',
  ],
  'Give both a "when" that tells them apart.': [
    'Задайте обоим "when", чтобы их различать.',
    'Задайте обом "when", щоб їх розрізняти.',
    'Ponga en ambos un "when" que los distinga.',
  ],
  '“{to}” can not be reached from itself.': [
    'В «{to}» нельзя перейти из него же.',
    'До «{to}» не можна перейти з нього ж.',
    'No se puede pasar a «{to}» desde sí mismo.',
  ],
  'New records begin as “{start}”, which is no initial state of “{stages}”.': [
    'Новые записи начинаются с «{start}», а это не начальное состояние «{stages}».',
    'Нові записи починаються з «{start}», а це не початковий стан «{stages}».',
    'Los registros nuevos empiezan como «{start}», que no es un estado inicial de «{stages}».',
  ],
  '“{key}” is computed and can not be set.': [
    'Поле «{key}» вычисляется, задать его нельзя.',
    'Поле «{key}» обчислюється, задати його не можна.',
    '«{key}» se calcula y no se puede fijar.',
  ],
  '“{entity}” requires “{field}”, which gets no value here.': [
    'Для «{entity}» обязательно поле «{field}», а значения здесь оно не получает.',
    'Для «{entity}» обов’язкове поле «{field}», а значення тут воно не отримує.',
    '«{entity}» exige «{field}», que aquí no recibe ningún valor.',
  ],
  '“{name}” can not be set by anybody.': [
    'Поле «{name}» никто не может задавать.',
    'Поле «{name}» ніхто не може задавати.',
    'Nadie puede fijar «{name}».',
  ],
  'There is a row rule for “{operation}”, which is not among the operations.': [
    'Есть правило строк для «{operation}», а такой операции в списке нет.',
    'Є правило рядків для «{operation}», а такої операції в переліку немає.',
    'Hay una regla de filas para «{operation}», que no está entre las operaciones.',
  ],
  'Add "{operation}" to "operations", or drop the rule.': [
    'Добавьте "{operation}" в "operations" или уберите правило.',
    'Додайте "{operation}" до "operations" або приберіть правило.',
    'Añada "{operation}" a "operations" o quite la regla.',
  ],
  'The mask “{mask}” does not fit every type of field.': [
    'Маска «{mask}» подходит не всем типам полей.',
    'Маска «{mask}» підходить не всім типам полів.',
    'La máscara «{mask}» no sirve para todos los tipos de campo.',
  ],
  'Name the fields, or use "hash".': [
    'Перечислите поля или укажите "hash".',
    'Перелічіть поля або вкажіть "hash".',
    'Nombre los campos o use "hash".',
  ],
  '“{name}” is not written by anybody; at most it can be read.': [
    'Поле «{name}» никто не записывает; самое большее, его можно читать.',
    'Поле «{name}» ніхто не записує; щонайбільше, його можна читати.',
    'Nadie escribe «{name}»; como mucho se puede leer.',
  ],
  'Use "read".': ['Укажите "read".', 'Укажіть "read".', 'Ponga "read".'],
  '“{name}” can not be masked.': [
    'Поле «{name}» нельзя скрыть маской.',
    'Поле «{name}» не можна приховати маскою.',
    '«{name}» no se puede enmascarar.',
  ],
  'The mask “{mask}” does not fit “{name}”.': [
    'Маска «{mask}» не подходит полю «{name}».',
    'Маска «{mask}» не підходить полю «{name}».',
    'La máscara «{mask}» no sirve para «{name}».',
  ],
  '“{field}” is made of “{input}” of “{entity}”, which this profile does not read; by this profile alone it stays hidden.': [
    'Поле «{field}» вычисляется из «{input}» в «{entity}», чего этот профиль не читает; с одним этим профилем поле остаётся скрытым.',
    'Поле «{field}» обчислюється з «{input}» у «{entity}», чого цей профіль не читає; з одним цим профілем поле лишається прихованим.',
    '«{field}» se calcula con «{input}» de «{entity}», que este perfil no lee; solo con este perfil queda oculto.',
  ],
  '“{field}” counts records of “{child}” of which this profile sees only some; by this profile alone it stays hidden.': [
    'Поле «{field}» учитывает записи «{child}», из которых этот профиль видит только часть; с одним этим профилем поле остаётся скрытым.',
    'Поле «{field}» враховує записи «{child}», з яких цей профіль бачить лише частину; з одним цим профілем поле лишається прихованим.',
    '«{field}» cuenta registros de «{child}» de los que este perfil solo ve algunos; solo con este perfil queda oculto.',
  ],
  'Let the rollup say "discloses_hidden_rows": true if its sum is no secret.': [
    'Если сумма не секрет, укажите в rollup "discloses_hidden_rows": true.',
    'Якщо сума не таємниця, вкажіть у rollup "discloses_hidden_rows": true.',
    'Si la suma no es secreta, ponga en el rollup "discloses_hidden_rows": true.',
  ],
  '“{address}” is no address and no network.': [
    '«{address}» — не адрес и не сеть.',
    '«{address}» — не адреса й не мережа.',
    '«{address}» no es una dirección ni una red.',
  ],
  '“{entity}” already has a query policy.': [
    'У «{entity}» уже есть политика запросов.',
    'У «{entity}» вже є політика запитів.',
    '«{entity}» ya tiene una política de consultas.',
  ],
  'Records can not be grouped by “{key}”.': [
    'По полю «{key}» нельзя группировать.',
    'За полем «{key}» не можна групувати.',
    'No se puede agrupar por «{key}».',
  ],
  '“{key}” has no operator “{operator}”.': [
    'У поля «{key}» нет оператора «{operator}».',
    'Поле «{key}» не має оператора «{operator}».',
    '«{key}» no tiene el operador «{operator}».',
  ],
  '“{key}” is not filterable.': [
    'По полю «{key}» нельзя отбирать.',
    'За полем «{key}» не можна відбирати.',
    '«{key}» no se puede filtrar.',
  ],
  '“{key}” is not sortable.': [
    'По полю «{key}» нельзя сортировать.',
    'За полем «{key}» не можна сортувати.',
    '«{key}» no se puede ordenar.',
  ],
  '“{key}” is not searchable.': ['По полю «{key}» нельзя искать.', 'За полем «{key}» не можна шукати.', 'No se puede buscar en «{key}».'],
  'Give the field "{what}": true first.': [
    'Сначала укажите у поля "{what}": true.',
    'Спершу вкажіть у поля "{what}": true.',
    'Ponga antes en el campo "{what}": true.',
  ],
  '“{name}” can not be taken of “{key}”.': [
    'Для поля «{key}» нельзя вычислить «{name}».',
    'Для поля «{key}» не можна обчислити «{name}».',
    'No se puede calcular «{name}» de «{key}».',
  ],
  '“{field}” is already filled by the column “{other}”.': [
    'Поле «{field}» уже заполняет столбец «{other}».',
    'Поле «{field}» вже заповнює стовпець «{other}».',
    '«{field}» ya se rellena con la columna «{other}».',
  ],
  '“{mode}” must know which records are there already.': [
    'Режиму «{mode}» нужно знать, какие записи уже есть.',
    'Режиму «{mode}» потрібно знати, які записи вже є.',
    '«{mode}» necesita saber qué registros existen ya.',
  ],
  'Name the fields that recognise them: "match": ["…"].': [
    'Назовите поля, по которым их узнавать: "match": ["…"].',
    'Назвіть поля, за якими їх упізнавати: "match": ["…"].',
    'Nombre los campos que los reconocen: "match": ["…"].',
  ],
  'No column fills “{key}”, so no record can be recognised by it.': [
    'Ни один столбец не заполняет «{key}», поэтому по нему нельзя узнать запись.',
    'Жоден стовпець не заповнює «{key}», тому за ним не можна впізнати запис.',
    'Ninguna columna rellena «{key}», así que no se puede reconocer ningún registro por él.',
  ],
  '“{key}” is not filterable, so records can not be found by it.': [
    'По полю «{key}» нельзя отбирать, поэтому по нему не найти записей.',
    'За полем «{key}» не можна відбирати, тому за ним не знайти записів.',
    '«{key}» no se puede filtrar, así que no sirve para buscar registros.',
  ],
  '“{by}” of “{target}” is not filterable, so records can not be found by it.': [
    'По полю «{by}» в «{target}» нельзя отбирать, поэтому по нему не найти записей.',
    'За полем «{by}» у «{target}» не можна відбирати, тому за ним не знайти записів.',
    '«{by}» de «{target}» no se puede filtrar, así que no sirve para buscar registros.',
  ],
  '“{key}” is computed and takes no value.': [
    'Поле «{key}» вычисляется и не принимает значения.',
    'Поле «{key}» обчислюється й не приймає значення.',
    '«{key}» se calcula y no admite valor.',
  ],
  '“{key}” takes no value.': ['Поле «{key}» не принимает значения.', 'Поле «{key}» не приймає значення.', '«{key}» no admite valor.'],
  '“{key}” has no parts.': ['У поля «{key}» нет частей.', 'Поле «{key}» не має частин.', '«{key}» no tiene partes.'],
  'Use "{key}"; another record is found by "lookup".': [
    'Укажите "{key}"; другую запись находят через "lookup".',
    'Укажіть "{key}"; інший запис знаходять через "lookup".',
    'Use "{key}"; otro registro se encuentra con "lookup".',
  ],
  '“{key}” has no part “{part}”.': [
    'У поля «{key}» нет части «{part}».',
    'Поле «{key}» не має частини «{part}».',
    '«{key}» no tiene la parte «{part}».',
  ],
  '“{value}” is not an option of “{key}”.': [
    '«{value}» — не вариант поля «{key}».',
    '«{value}» — не варіант поля «{key}».',
    '«{value}» no es una opción de «{key}».',
  ],
  '“{key}” is not a date, so it has no format.': [
    '«{key}» — не дата, формата у него нет.',
    '«{key}» — не дата, формату в нього немає.',
    '«{key}» no es una fecha, así que no tiene formato.',
  ],
  '“{key}” holds one value, so nothing separates them.': [
    'В поле «{key}» одно значение, разделять нечего.',
    'У полі «{key}» одне значення, розділяти нічого.',
    '«{key}» contiene un solo valor, así que no hay nada que separar.',
  ],
  '“{key}” leads to no other record.': [
    'Поле «{key}» не ведёт к другой записи.',
    'Поле «{key}» не веде до іншого запису.',
    '«{key}» no lleva a otro registro.',
  ],
  'This asks something of all records of {names}, and not all of their records and fields are shown to you.': [
    'Это касается всех записей {names}, а вам видны не все их записи и поля.',
    'Це стосується всіх записів {names}, а вам видно не всі їхні записи й поля.',
    'Esto afecta a todos los registros de {names}, y usted no ve todos sus registros y campos.',
  ],
  'Row rules of access profiles stand on “{field}”: what it means decides who sees what.': [
    'На поле «{field}» опираются правила строк профилей доступа: от его смысла зависит, кто что видит.',
    'На поле «{field}» спираються правила рядків профілів доступу: від його змісту залежить, хто що бачить.',
    'Las reglas de filas de los perfiles de acceso se apoyan en «{field}»: su significado decide quién ve qué.',
  ],
  'The values of “{field}” were shown only with all they are made of; this shows them by themselves.': [
    'Значения «{field}» были видны только вместе со всем, из чего они получены; так они станут видны сами по себе.',
    'Значення «{field}» було видно лише разом з усім, із чого їх отримано; так їх буде видно самі собою.',
    'Los valores de «{field}» solo se veían junto con todo aquello de lo que proceden; así se verían por sí solos.',
  ],
  '“{field}” counts records that its readers may not see.': [
    '«{field}» учитывает записи, которых его читатели не видят.',
    '«{field}» враховує записи, яких його читачі не бачать.',
    '«{field}» cuenta registros que sus lectores no pueden ver.',
  ],
  '“{field}” comes back with the values it had.': [
    '«{field}» возвращается с прежними значениями.',
    '«{field}» повертається з попередніми значеннями.',
    '«{field}» vuelve con los valores que tenía.',
  ],
  'Let somebody with “{capability}” publish it.': [
    'Пусть это опубликует тот, у кого есть «{capability}».',
    'Нехай це опублікує той, хто має «{capability}».',
    'Deje que lo publique alguien con «{capability}».',
  ],
  'Documents of this kind are changed by who has “{capability}”.': [
    'Документы этого вида меняет тот, у кого есть «{capability}».',
    'Документи цього виду змінює той, хто має «{capability}».',
    'Los documentos de este tipo los cambia quien tiene «{capability}».',
  ],
  'You hold this role yourself: what it gives is for somebody else to change.': [
    'Эта роль есть у вас самих: что она даёт, меняет кто-то другой.',
    'Цю роль маєте ви самі: що вона надає, змінює хтось інший.',
    'Usted mismo tiene este rol: lo que da lo cambia otra persona.',
  ],
  'Nobody gives or takes what he does not hold: {names}.': [
    'Нельзя дать или отнять то, чего нет у вас: {names}.',
    'Не можна надати чи відібрати те, чого не маєте ви: {names}.',
    'Nadie puede dar ni quitar lo que no tiene: {names}.',
  ],
  'Let somebody who holds it publish it.': [
    'Пусть это опубликует тот, у кого это есть.',
    'Нехай це опублікує той, хто це має.',
    'Deje que lo publique alguien que lo tenga.',
  ],
} satisfies Record<string, Translations>
