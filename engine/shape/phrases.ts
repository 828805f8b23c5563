/** What descriptions say to programs besides labels and help of the model, in every language. */
import type { Translations } from '../../metadata/sentences/translations.ts'
import { sayerOf } from '../kernel/phrases.ts'

const PHRASES = {
  'One thing that needs attention.': ['Одно замечание.', 'Одне зауваження.', 'Algo que requiere atención.'],
  'JSON pointer into what was sent.': [
    'JSON Pointer на место в отправленном.',
    'JSON Pointer на місце в надісланому.',
    'JSON Pointer al lugar en lo enviado.',
  ],
  'Stable name of what is wrong.': [
    'Постоянное имя того, что не так.',
    'Стале ім’я того, що не так.',
    'Nombre estable de lo que está mal.',
  ],
  'What is wrong, in your language.': ['Что не так, на вашем языке.', 'Що не так, вашою мовою.', 'Qué está mal, en su idioma.'],
  'What would be right, where that can be told.': [
    'Как было бы верно, если это можно сказать.',
    'Як було б правильно, якщо це можна сказати.',
    'Qué sería lo correcto, si se puede saber.',
  ],
  'What the message was made of.': ['Из чего составлено сообщение.', 'З чого складено повідомлення.', 'De qué se compuso el mensaje.'],
  'A problem document (RFC 9457); `code` is stable, words are for people.': [
    'Документ о проблеме (RFC 9457); `code` постоянен, слова — для людей.',
    'Документ про проблему (RFC 9457); `code` сталий, слова — для людей.',
    'Un documento de problema (RFC 9457); `code` es estable, las palabras son para personas.',
  ],
  'Where the code is explained.': ['Где объяснён код.', 'Де пояснено код.', 'Dónde se explica el código.'],
  'What an administrator finds the request by.': [
    'По чему администратор найдёт запрос.',
    'За чим адміністратор знайде запит.',
    'Por lo que un administrador encuentra la solicitud.',
  ],
  'Things that need attention, each with its place.': [
    'Замечания, каждое со своим местом.',
    'Зауваження, кожне зі своїм місцем.',
    'Lo que requiere atención, cada cosa con su lugar.',
  ],
  'Of a change from a stale version: the current one.': [
    'При изменении от устаревшей версии: текущая.',
    'За зміни від застарілої версії: поточна.',
    'En un cambio desde una versión obsoleta: la actual.',
  ],
  'Of a change from a stale version: the fields that differ in the current one.': [
    'При изменении от устаревшей версии: поля, которыми отличается текущая.',
    'За зміни від застарілої версії: поля, якими відрізняється поточна.',
    'En un cambio desde una versión obsoleta: los campos que difieren en la actual.',
  ],
  'Up to {most} operations; a record may be named once.': [
    'Не более {most} операций; запись можно назвать один раз.',
    'Не більше {most} операцій; запис можна назвати один раз.',
    'Hasta {most} operaciones; un registro puede nombrarse una vez.',
  ],
  'All of them or none; false lets each stand for itself.': [
    'Все или ни одной; при false каждая сама по себе.',
    'Усі або жодної; за false кожна сама по собі.',
    'Todas o ninguna; con false cada una va por su cuenta.',
  ],
  'Values by step that count instead of the conversion’s own.': [
    'Значения по шагам, которые берутся вместо собственных значений преобразования.',
    'Значення за кроками, які беруться замість власних значень перетворення.',
    'Valores por paso que cuentan en lugar de los de la conversión.',
  ],
  'Why; it goes into the audit.': ['Зачем; это попадёт в аудит.', 'Навіщо; це потрапить до аудиту.', 'Por qué; queda en la auditoría.'],
  'Values of the group and its figures, under the names of the request. Exact numbers are strings, counts are integers.': [
    'Значения группы и её показатели под именами из запроса. Точные числа — строки, количества — целые.',
    'Значення групи та її показники під іменами із запиту. Точні числа — рядки, кількості — цілі.',
    'Valores del grupo y sus cifras, con los nombres de la solicitud. Los números exactos son textos, los recuentos son enteros.',
  ],
  'A value before and after a change, as you may read it.': [
    'Значение до и после изменения, каким вам разрешено его читать.',
    'Значення до й після зміни, яким вам дозволено його читати.',
    'Un valor antes y después de un cambio, tal como usted puede leerlo.',
  ],
} as const satisfies Readonly<Record<string, Translations>>

/** All of them. */
export const SHAPE_PHRASES: Readonly<Record<keyof typeof PHRASES, Translations>> = PHRASES

/** A phrase in a language. */
export const phraseIn = sayerOf(PHRASES)
