/** What is said where layers of documents contradict each other: overlays, packs, revisions that records stand against. */
import type { Translations } from './translations.ts'

export const LAYER_SENTENCES = {
  'A document is a JSON object.': ['Документ — это объект JSON.', 'Документ — це об’єкт JSON.', 'Un documento es un objeto JSON.'],
  '“{name}” is required.': ['Нужно указать «{name}».', 'Потрібно вказати «{name}».', '«{name}» es obligatorio.'],
  'There is no kind “{name}” of documents.': [
    'Документов вида «{name}» нет.',
    'Документів виду «{name}» немає.',
    'No hay documentos de tipo «{name}».',
  ],
  'There is already a document “{document}” of kind {kind}.': [
    'Документ «{document}» вида {kind} уже есть.',
    'Документ «{document}» виду {kind} вже є.',
    'Ya hay un documento «{document}» de tipo {kind}.',
  ],
  'To change it, write {example}.': [
    'Чтобы изменить его, напишите {example}.',
    'Щоб змінити його, напишіть {example}.',
    'Para cambiarlo, escriba {example}.',
  ],
  'A pack lies in a layer of its own name; this one is “{layer}”.': [
    'Пакет лежит в слое с его именем; этот слой называется «{layer}».',
    'Пакет лежить у шарі з його назвою; цей шар називається «{layer}».',
    'Un paquete está en una capa con su nombre; esta se llama «{layer}».',
  ],
  'There is no {kind} “{extends}” below this layer.': [
    'Под этим слоем нет документа вида {kind} «{extends}».',
    'Під цим шаром немає документа виду {kind} «{extends}».',
    'Por debajo de esta capa no hay ningún {kind} «{extends}».',
  ],
  'A layer can not extend its own document.': [
    'Слой не может расширять собственный документ.',
    'Шар не може розширювати власний документ.',
    'Una capa no puede extender su propio documento.',
  ],
  'Change the document itself.': ['Измените сам документ.', 'Змініть сам документ.', 'Cambie el propio documento.'],
  'The key of “{extends}” can not be changed.': [
    'Ключ документа «{extends}» нельзя изменить.',
    'Ключ документа «{extends}» не можна змінити.',
    'La clave de «{extends}» no se puede cambiar.',
  ],
  'Keys are immutable; give it another label.': [
    'Ключи неизменны; задайте другую подпись.',
    'Ключі незмінні; задайте інший підпис.',
    'Las claves no cambian; dele otra etiqueta.',
  ],
  'What a pack says of itself can not be changed by a layer above.': [
    'То, что пакет говорит о себе, слой выше изменить не может.',
    'Те, що пакет каже про себе, шар вище змінити не може.',
    'Lo que un paquete dice de sí mismo no lo puede cambiar una capa superior.',
  ],
  'The field “{identity}” belongs to a pack and can not be removed.': [
    'Поле «{identity}» принадлежит пакету, убрать его нельзя.',
    'Поле «{identity}» належить пакету, прибрати його не можна.',
    'El campo «{identity}» pertenece a un paquete y no se puede quitar.',
  ],
  'Hide it: "hidden_fields".': ['Скройте его: "hidden_fields".', 'Приховайте його: "hidden_fields".', 'Ocúltelo: "hidden_fields".'],
  '“{member}” of the field “{key}” belongs to a pack and can not be changed.': [
    '«{member}» поля «{key}» принадлежит пакету, изменить это нельзя.',
    '«{member}» поля «{key}» належить пакету, змінити це не можна.',
    '«{member}» del campo «{key}» pertenece a un paquete y no se puede cambiar.',
  ],
  '“{member}” of the field “{key}” may only be made stricter than the pack has it.': [
    '«{member}» поля «{key}» можно сделать только строже, чем в пакете.',
    '«{member}» поля «{key}» можна зробити лише суворішим, ніж у пакеті.',
    '«{member}» del campo «{key}» solo puede ser más estricto que en el paquete.',
  ],
  'At most {was}.': ['Не больше {was}.', 'Не більше {was}.', 'Como máximo {was}.'],
  'At least {was}.': ['Не меньше {was}.', 'Не менше {was}.', 'Como mínimo {was}.'],
  'The option “{identity}” of the field “{key}” belongs to a pack and can not be removed.': [
    'Вариант «{identity}» поля «{key}» принадлежит пакету, убрать его нельзя.',
    'Варіант «{identity}» поля «{key}» належить пакету, прибрати його не можна.',
    'La opción «{identity}» del campo «{key}» pertenece a un paquete y no se puede quitar.',
  ],
  'Retire it: "retired": true.': [
    'Выведите его из употребления: "retired": true.',
    'Виведіть його з ужитку: "retired": true.',
    'Retírela: "retired": true.',
  ],
  'The rule “{identity}” belongs to a pack and can not be removed.': [
    'Правило «{identity}» принадлежит пакету, убрать его нельзя.',
    'Правило «{identity}» належить пакету, прибрати його не можна.',
    'La regla «{identity}» pertenece a un paquete y no se puede quitar.',
  ],
  '“{member}” of the rule “{identity}” belongs to a pack and can not be changed.': [
    '«{member}» правила «{identity}» принадлежит пакету, изменить это нельзя.',
    '«{member}» правила «{identity}» належить пакету, змінити це не можна.',
    '«{member}» de la regla «{identity}» pertenece a un paquete y no se puede cambiar.',
  ],
  'The rule “{identity}” may not become a mere warning.': [
    'Правило «{identity}» не может стать простым предупреждением.',
    'Правило «{identity}» не може стати простим попередженням.',
    'La regla «{identity}» no puede quedarse en una simple advertencia.',
  ],
  'The stages “{identity}” belong to a pack and can not be removed.': [
    'Этапы «{identity}» принадлежат пакету, убрать их нельзя.',
    'Етапи «{identity}» належать пакету, прибрати їх не можна.',
    'Las etapas «{identity}» pertenecen a un paquete y no se pueden quitar.',
  ],
  '“{member}” of the stages “{key}” belongs to a pack and can not be changed.': [
    '«{member}» этапов «{key}» принадлежит пакету, изменить это нельзя.',
    '«{member}» етапів «{key}» належить пакету, змінити це не можна.',
    '«{member}» de las etapas «{key}» pertenece a un paquete y no se puede cambiar.',
  ],
  'The state “{state}” belongs to a pack and can not be removed.': [
    'Состояние «{state}» принадлежит пакету, убрать его нельзя.',
    'Стан «{state}» належить пакету, прибрати його не можна.',
    'El estado «{state}» pertenece a un paquete y no se puede quitar.',
  ],
  'The step to “{to}” must go on asking for “{dropped}”.': [
    'Шаг к «{to}» должен и дальше требовать «{dropped}».',
    'Крок до «{to}» має й надалі вимагати «{dropped}».',
    'El paso a «{to}» debe seguir pidiendo «{dropped}».',
  ],
  'The condition of the step to “{to}” belongs to a pack and can not be changed.': [
    'Условие шага к «{to}» принадлежит пакету, изменить его нельзя.',
    'Умова кроку до «{to}» належить пакету, змінити її не можна.',
    'La condición del paso a «{to}» pertenece a un paquete y no se puede cambiar.',
  ],
  'The option “{option}” is switched on by a pack and stays on.': [
    'Настройку «{option}» включил пакет, она остаётся включённой.',
    'Налаштування «{option}» увімкнув пакет, воно лишається ввімкненим.',
    'La opción «{option}» la activa un paquete y sigue activa.',
  ],
  'The field “{key}” is required by a pack and can not be hidden.': [
    'Поле «{key}» обязательно в пакете, скрыть его нельзя.',
    'Поле «{key}» обов’язкове в пакеті, приховати його не можна.',
    'El campo «{key}» es obligatorio en un paquete y no se puede ocultar.',
  ],
  'Give it a default, then hide it.': [
    'Задайте ему значение по умолчанию, затем скройте.',
    'Задайте йому значення за замовчуванням, потім приховайте.',
    'Dele un valor predeterminado y después ocúltelo.',
  ],
  'The field “{key}” is the title of its records and can not be hidden.': [
    'Поле «{key}» — название записей, скрыть его нельзя.',
    'Поле «{key}» — назва записів, приховати його не можна.',
    'El campo «{key}» es el título de sus registros y no se puede ocultar.',
  ],
  'Choose another title field first.': [
    'Сначала выберите другое поле названия.',
    'Спершу виберіть інше поле назви.',
    'Elija antes otro campo de título.',
  ],
  '“{pack}” needs “{key}” {least}, there is {version}.': [
    'Пакету «{pack}» нужен «{key}» {least}, а есть {version}.',
    'Пакету «{pack}» потрібен «{key}» {least}, а є {version}.',
    '«{pack}» necesita «{key}» {least}; hay {version}.',
  ],
  'The values of “{field}” are still being prepared; this can be published when that is done.': [
    'Значения поля «{field}» ещё готовятся; опубликовать это можно будет, когда это закончится.',
    'Значення поля «{field}» ще готуються; опублікувати це можна буде, коли це завершиться.',
    'Los valores de «{field}» aún se están preparando; esto se podrá publicar cuando termine.',
  ],
  'The values of “{field}” are still being prepared; its type can be changed when that is done.': [
    'Значения поля «{field}» ещё готовятся; тип можно будет изменить, когда это закончится.',
    'Значення поля «{field}» ще готуються; тип можна буде змінити, коли це завершиться.',
    'Los valores de «{field}» aún se están preparando; su tipo se podrá cambiar cuando termine.',
  ],
  'The values of “{field}” will take a while to prepare, and rights stand on them here.': [
    'Подготовка значений поля «{field}» займёт время, а здесь на них опираются права.',
    'Підготовка значень поля «{field}» забере час, а тут на них спираються права.',
    'Los valores de «{field}» tardarán en prepararse y aquí hay derechos que dependen de ellos.',
  ],
  'Publish the change of the field without the rule first, the rule when the field is ready.': [
    'Сначала опубликуйте изменение поля без правила, а правило — когда поле будет готово.',
    'Спершу опублікуйте зміну поля без правила, а правило — коли поле буде готове.',
    'Publique primero el cambio del campo sin la regla y la regla cuando el campo esté listo.',
  ],
  'The formula of “{field}” needs too much memory.': [
    'Формуле поля «{field}» нужно слишком много памяти.',
    'Формулі поля «{field}» потрібно забагато пам’яті.',
    'La fórmula de «{field}» necesita demasiada memoria.',
  ],
  'The formula of “{field}” was stopped on a record after {limit_ms} ms.': [
    'Формула поля «{field}» остановлена на одной из записей через {limit_ms} мс.',
    'Формулу поля «{field}» зупинено на одному із записів через {limit_ms} мс.',
    'La fórmula de «{field}» se detuvo en un registro tras {limit_ms} ms.',
  ],
  'The values of “{field}” take more than the {limit_ms} ms that all records together may take here.': [
    'Значения поля «{field}» вычисляются дольше {limit_ms} мс, отведённых здесь на все записи.',
    'Значення поля «{field}» обчислюються довше за {limit_ms} мс, відведені тут на всі записи.',
    'Los valores de «{field}» tardan más de los {limit_ms} ms que aquí tienen todos los registros juntos.',
  ],
  'Write it so that it ends sooner.': [
    'Перепишите её так, чтобы она завершалась быстрее.',
    'Перепишіть її так, щоб вона завершувалася швидше.',
    'Escríbala de modo que termine antes.',
  ],
  'There are too many records to change this rule at once.': [
    'Записей слишком много, чтобы изменить это правило сразу.',
    'Записів забагато, щоб змінити це правило одразу.',
    'Hay demasiados registros para cambiar esta regla de una vez.',
  ],
  'Write it as a new rule under another key and drop this one.': [
    'Напишите новое правило под другим ключом, а это уберите.',
    'Напишіть нове правило під іншим ключем, а це приберіть.',
    'Escríbala como regla nueva con otra clave y quite esta.',
  ],
  'Records of “{entity}” share values of {names}, at least {count} of them.': [
    'В записях «{entity}» значения {names} повторяются, таких записей не меньше {count}.',
    'У записах «{entity}» значення {names} повторюються, таких записів не менше {count}.',
    'Hay registros de «{entity}» con valores repetidos de {names}, al menos {count}.',
  ],
  'Look at the impact of the draft, mend these records, then publish.': [
    'Посмотрите последствия черновика, исправьте эти записи и опубликуйте.',
    'Подивіться на наслідки чернетки, виправте ці записи й опублікуйте.',
    'Mire el impacto del borrador, corrija estos registros y publique.',
  ],
  '“{field}” can not be filtered or sorted: all {count} places for such fields of “{entity}” are taken.': [
    'По полю «{field}» нельзя отбирать и сортировать: заняты все места для таких полей «{entity}» ({count}).',
    'За полем «{field}» не можна відбирати й сортувати: зайняті всі місця для таких полів «{entity}» ({count}).',
    'No se puede filtrar ni ordenar por «{field}»: los {count} lugares para esos campos de «{entity}» están ocupados.',
  ],
  'Release one of {names} by making it neither filterable nor sortable.': [
    'Освободите одно из полей {names}: пусть по нему нельзя будет ни отбирать, ни сортировать.',
    'Звільніть одне з полів {names}: нехай за ним не можна буде ні відбирати, ні сортувати.',
    'Libere uno de {names} quitándole los filtros y el orden.',
  ],
} satisfies Record<string, Translations>
