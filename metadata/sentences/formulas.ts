/** What is said of formulas and of values made of others. */
import type { Translations } from './translations.ts'

export const FORMULA_SENTENCES = {
  'A formula names the fields it reads, each by its own name.': [
    'Формула называет поля, которые читает, каждое по имени.',
    'Формула називає поля, які читає, кожне за назвою.',
    'Una fórmula nombra los campos que lee, cada uno por su nombre.',
  ],
  'Calculating with numbers and other functions can not stand in one formula with a number as result.': [
    'В формуле с числовым результатом нельзя сочетать арифметику и другие функции.',
    'У формулі з числовим результатом не можна поєднувати арифметику та інші функції.',
    'Una fórmula con resultado numérico no puede mezclar cálculos y otras funciones.',
  ],
  'Put the other part into a formula field of its own and calculate with that field.': [
    'Вынесите остальное в отдельное поле-формулу и вычисляйте с ним.',
    'Винесіть решту в окреме поле-формулу й обчислюйте з ним.',
    'Ponga el resto en otro campo de fórmula y calcule con ese campo.',
  ],
  'This formula uses more than exact arithmetic.': [
    'В этой формуле есть не только точная арифметика.',
    'У цій формулі є не лише точна арифметика.',
    'Esta fórmula usa algo más que aritmética exacta.',
  ],
  'A formula has at most {limit} characters.': [
    'Наибольшая длина формулы в символах: {limit}.',
    'Найбільша довжина формули в символах: {limit}.',
    'Una fórmula tiene como máximo {limit} caracteres.',
  ],
  'A formula has at most {limit} parts, {depth} deep.': [
    'Наибольшее число частей формулы: {limit}, вложенность: {depth}.',
    'Найбільша кількість частин формули: {limit}, вкладеність: {depth}.',
    'Una fórmula tiene como máximo {limit} partes y {depth} niveles.',
  ],
  'The formula is nested too deeply.': [
    'Слишком большая вложенность формулы.',
    'Завелика вкладеність формули.',
    'La fórmula tiene demasiados niveles.',
  ],
  'This is no formula.': ['Это не формула.', 'Це не формула.', 'Esto no es una fórmula.'],
  'The formula can not be read: {reason}': [
    'Формулу не удаётся прочитать: {reason}',
    'Формулу не вдається прочитати: {reason}',
    'No se puede leer la fórmula: {reason}',
  ],
  '“{function}” can not be used in a formula.': [
    'Функцию «{function}» нельзя использовать в формуле.',
    'Функцію «{function}» не можна використовувати у формулі.',
    '«{function}» no se puede usar en una fórmula.',
  ],
  '“{path}” can not be calculated with.': [
    'С «{path}» нельзя производить вычисления.',
    'З «{path}» не можна виконувати обчислення.',
    'No se puede calcular con «{path}».',
  ],
  '“{function}” does not take that many arguments.': [
    'У функции «{function}» другое число аргументов.',
    'Функція «{function}» має іншу кількість аргументів.',
    '«{function}» no admite ese número de argumentos.',
  ],
  '“{function}” takes a single value.': [
    'Функция «{function}» принимает одно значение.',
    'Функція «{function}» приймає одне значення.',
    '«{function}» admite un solo valor.',
  ],
  '$round takes a number of digits from 0 to {limit}.': [
    'Функция $round принимает число знаков от 0 до {limit}.',
    'Функція $round приймає кількість знаків від 0 до {limit}.',
    '$round admite un número de decimales de 0 a {limit}.',
  ],
  'Only numbers and dates have an order here.': [
    'Сравнивать по порядку здесь можно только числа и даты.',
    'Порівнювати за порядком тут можна лише числа й дати.',
    'Aquí solo tienen orden los números y las fechas.',
  ],
  'A {type} is needed here, not a {other}.': [
    'Здесь нужно значение вида «{type}», а не «{other}».',
    'Тут потрібне значення виду «{type}», а не «{other}».',
    'Aquí se necesita un valor de tipo «{type}», no «{other}».',
  ],
  number: ['число', 'числове значення', 'número'],
  boolean: ['да или нет', 'так або ні', 'sí o no'],
  date: ['дата', 'дата (день)', 'fecha'],
  datetime: ['дата и время', 'дата й час', 'fecha y hora'],
  text: ['текст', 'текстове значення', 'texto'],
  null: ['пусто', 'порожньо', 'vacío'],
  '“{reference}” leads to no single record.': [
    'Поле «{reference}» не ведёт к одной записи.',
    'Поле «{reference}» не веде до одного запису.',
    '«{reference}» no lleva a un único registro.',
  ],
  'A field of type {type} can not be looked up.': [
    'Поле типа {type} нельзя подставить из другой записи.',
    'Поле типу {type} не можна підставити з іншого запису.',
    'Un campo de tipo {type} no se puede tomar de otro registro.',
  ],
  '“{key}” is shown live and not kept in the record, so a formula can not read it.': [
    'Поле «{key}» показывается на лету и не хранится в записи, поэтому формула не может его прочитать.',
    'Поле «{key}» показується на льоту й не зберігається в записі, тому формула не може його прочитати.',
    '«{key}» se muestra al momento y no se guarda en el registro, así que una fórmula no puede leerlo.',
  ],
  'Copy the value: "mode": "copied".': [
    'Копируйте значение: "mode": "copied".',
    'Копіюйте значення: "mode": "copied".',
    'Copie el valor: "mode": "copied".',
  ],
  '“{path}” belongs to another record.': [
    'Поле «{path}» принадлежит другой записи.',
    'Поле «{path}» належить іншому запису.',
    '«{path}» pertenece a otro registro.',
  ],
  'Copy it by a lookup with "reference": "{key}", then use that field.': [
    'Скопируйте его полем lookup с "reference": "{key}" и используйте это поле.',
    'Скопіюйте його полем lookup з "reference": "{key}" і використайте це поле.',
    'Cópielo con un campo lookup con "reference": "{key}" y use ese campo.',
  ],
  '“{key}” holds records, which a formula can not read.': [
    'В поле «{key}» записи; формула не может их прочитать.',
    'У полі «{key}» записи; формула не може їх прочитати.',
    '«{key}» contiene registros, que una fórmula no puede leer.',
  ],
  'Count or sum them by a rollup, then use that field.': [
    'Подсчитайте или сложите их полем rollup и используйте это поле.',
    'Порахуйте або додайте їх полем rollup і використайте це поле.',
    'Cuéntelos o súmelos con un campo rollup y use ese campo.',
  ],
  '“{relation}” is neither a table nor the inverse of a reference.': [
    '«{relation}» — не таблица и не обратная сторона ссылки.',
    '«{relation}» — не таблиця і не зворотний бік посилання.',
    '«{relation}» no es una tabla ni el inverso de una referencia.',
  ],
  '“{field}” counts records that its reader may not see.': [
    'Поле «{field}» учитывает записи, которых читающий может не видеть.',
    'Поле «{field}» враховує записи, яких читач може не бачити.',
    '«{field}» cuenta registros que su lector quizá no pueda ver.',
  ],
  'A count counts records and takes no field.': [
    'Функция count считает записи, поле ей не нужно.',
    'Функція count рахує записи, поле їй не потрібне.',
    'count cuenta registros y no lleva campo.',
  ],
  '“{function}” needs a field.': [
    'Функции «{function}» нужно поле.',
    'Функції «{function}» потрібне поле.',
    '«{function}» necesita un campo.',
  ],
  '“{field}” can not go into “{function}”.': [
    'К полю «{field}» нельзя применить «{function}».',
    'До поля «{field}» не можна застосувати «{function}».',
    'No se puede aplicar «{function}» a «{field}».',
  ],
  '“{field}” is shown live and not kept in its record.': [
    'Поле «{field}» показывается на лету и не хранится в своей записи.',
    'Поле «{field}» показується на льоту й не зберігається у своєму записі.',
    '«{field}» se muestra al momento y no se guarda en su registro.',
  ],
  'These values are made of each other: {names}.': [
    'Эти значения вычисляются друг из друга: {names}.',
    'Ці значення обчислюються одне з одного: {names}.',
    'Estos valores se calculan unos de otros: {names}.',
  ],
  '“{node}” hangs on {length} levels of other records; at most {limit} are kept up to date.': [
    'Значение «{node}» зависит от других записей на столько уровней: {length}; актуальными поддерживаются не более {limit}.',
    'Значення «{node}» залежить від інших записів на стільки рівнів: {length}; актуальними підтримуються не більше {limit}.',
    '«{node}» depende de otros registros en {length} niveles; se mantienen al día como máximo {limit}.',
  ],
} satisfies Record<string, Translations>
