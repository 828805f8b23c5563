/** What the transfer room refuses as a whole: files, maps and jobs. What is wrong with single rows stands in row-words.ts. */
import { defineErrors } from '../kernel/errors.ts'
import type { NoText } from './text-encoding.ts'

interface Named {
  readonly map: string
}
interface Count {
  readonly count: number
}
interface Kind {
  readonly kind: NoText
}
interface Columns {
  readonly missing: string
  readonly found: string
}
interface Size {
  readonly megabytes: number
}
interface Place {
  readonly row: number
}
interface Limit {
  readonly limit: number
}
interface Reason {
  readonly reason: 'open' | 'trial' | 'undone'
}

export const transferErrors = defineErrors('TRANSFER', {
  WORKBOOKS_BUSY: {
    status: 503,
    title: 'Too many workbooks at once',
    message: () => 'Other workbooks of this organisation are still being made.',
    hint: () => 'Try again in a few seconds, or take the format csv.',
    translations: {
      ru: {
        title: 'Слишком много книг сразу',
        message: () => 'Другие книги этой организации ещё создаются.',
        hint: () => 'Повторите через несколько секунд или выберите формат csv.',
      },
      uk: {
        title: 'Забагато книг одразу',
        message: () => 'Інші книги цієї організації ще створюються.',
        hint: () => 'Повторіть за кілька секунд або виберіть формат csv.',
      },
      es: {
        title: 'Demasiados libros a la vez',
        message: () => 'Aún se están creando otros libros de esta organización.',
        hint: () => 'Inténtelo de nuevo en unos segundos o elija el formato csv.',
      },
    },
  },
  WORKBOOK_TOO_LARGE: {
    status: 422,
    title: 'This is too much for a workbook',
    message: () => 'These records hold more text than one workbook can be made of.',
    hint: () => 'Select fewer fields or records, or take the format csv.',
    translations: {
      ru: {
        title: 'Для книги этого слишком много',
        message: () => 'В этих записях больше текста, чем вмещает одна книга.',
        hint: () => 'Выберите меньше полей или записей либо формат csv.',
      },
      uk: {
        title: 'Для книги цього забагато',
        message: () => 'У цих записах більше тексту, ніж уміщує одна книга.',
        hint: () => 'Виберіть менше полів чи записів або формат csv.',
      },
      es: {
        title: 'Es demasiado para un libro',
        message: () => 'Estos registros contienen más texto del que cabe en un libro.',
        hint: () => 'Seleccione menos campos o registros, o use el formato csv.',
      },
    },
  },
  UNKNOWN_MAP: {
    status: 422,
    title: 'There is no such import map',
    message: (p: Named) => `There is no import map “${p.map}”.`,
    hint: () => 'Name an import map of the workspace, or send one as a JSON document.',
    translations: {
      ru: {
        title: 'Такой карты импорта нет',
        message: (p: Named) => `Карты импорта «${p.map}» нет.`,
        hint: () => 'Назовите карту импорта рабочего пространства или передайте её как JSON-документ.',
      },
      uk: {
        title: 'Такої карти імпорту немає',
        message: (p: Named) => `Карти імпорту «${p.map}» немає.`,
        hint: () => 'Назвіть карту імпорту робочого простору або передайте її як JSON-документ.',
      },
      es: {
        title: 'No existe ese mapa de importación',
        message: (p: Named) => `No existe el mapa de importación «${p.map}».`,
        hint: () => 'Indique un mapa del espacio de trabajo o envíe uno como documento JSON.',
      },
    },
  },
  MAP_INVALID: {
    status: 422,
    title: 'The import map can not be used',
    message: (p: Count) =>
      p.count === 1 ? 'One thing of the import map needs attention.' : `${p.count} things of the import map need attention.`,
    translations: {
      ru: { title: 'Карту импорта нельзя использовать', message: (p: Count) => `Замечаний к карте импорта: ${p.count}.` },
      uk: { title: 'Карту імпорту не можна використати', message: (p: Count) => `Зауважень до карти імпорту: ${p.count}.` },
      es: {
        title: 'El mapa de importación no se puede usar',
        message: (p: Count) => `Observaciones sobre el mapa de importación: ${p.count}.`,
      },
    },
  },
  FILE_REQUIRED: {
    status: 422,
    title: 'There is no file',
    message: () => 'Send one file, named “file”, and an import map, named “map”.',
    translations: {
      ru: { title: 'Нет файла', message: () => 'Передайте один файл под именем file и карту импорта под именем map.' },
      uk: { title: 'Немає файлу', message: () => 'Передайте один файл з іменем file і карту імпорту з іменем map.' },
      es: { title: 'Falta el archivo', message: () => 'Envíe un archivo con el nombre file y un mapa de importación con el nombre map.' },
    },
  },
  FILE_TOO_LARGE: {
    status: 413,
    title: 'The file is too large',
    message: (p: Size) => `A file may have up to ${p.megabytes} MB.`,
    hint: () => 'Divide the file.',
    translations: {
      ru: {
        title: 'Файл слишком большой',
        message: (p: Size) => `Файл может занимать до ${p.megabytes} МБ.`,
        hint: () => 'Разделите файл.',
      },
      uk: {
        title: 'Файл завеликий',
        message: (p: Size) => `Файл може займати до ${p.megabytes} МБ.`,
        hint: () => 'Розділіть файл.',
      },
      es: {
        title: 'El archivo es demasiado grande',
        message: (p: Size) => `Un archivo puede tener hasta ${p.megabytes} MB.`,
        hint: () => 'Divida el archivo.',
      },
    },
  },
  FILE_EMPTY: {
    status: 422,
    title: 'The file is empty',
    message: () => 'There is nothing in the file.',
    translations: {
      ru: { title: 'Файл пуст', message: () => 'В файле ничего нет.' },
      uk: { title: 'Файл порожній', message: () => 'У файлі нічого немає.' },
      es: { title: 'El archivo está vacío', message: () => 'El archivo no contiene nada.' },
    },
  },
  FILE_NO_TEXT: {
    status: 422,
    title: 'The file is not a text with separated values',
    message: (p: Kind) => (p.kind === 'spreadsheet' ? 'This is a spreadsheet file.' : 'The file holds bytes that are no text.'),
    hint: () => 'Save the table as CSV (UTF-8) and send that.',
    translations: {
      ru: {
        title: 'Файл не является текстом с разделителями',
        message: (p: Kind) =>
          p.kind === 'spreadsheet' ? 'Это файл электронной таблицы.' : 'В файле есть байты, которые не являются текстом.',
        hint: () => 'Сохраните таблицу как CSV (UTF-8) и передайте этот файл.',
      },
      uk: {
        title: 'Файл не є текстом із роздільниками',
        message: (p: Kind) => (p.kind === 'spreadsheet' ? 'Це файл електронної таблиці.' : 'У файлі є байти, які не є текстом.'),
        hint: () => 'Збережіть таблицю як CSV (UTF-8) і передайте цей файл.',
      },
      es: {
        title: 'El archivo no es un texto con separadores',
        message: (p: Kind) =>
          p.kind === 'spreadsheet' ? 'Es un archivo de hoja de cálculo.' : 'El archivo contiene bytes que no son texto.',
        hint: () => 'Guarde la tabla como CSV (UTF-8) y envíela así.',
      },
    },
  },
  FILE_COLUMNS: {
    status: 422,
    title: 'The file has not the columns of the map',
    message: (p: Columns) =>
      p.found === ''
        ? `No row of the file names the columns ${p.missing}.`
        : `The columns ${p.missing} are missing or stand there twice; the file has ${p.found}.`,
    hint: () => 'The names of the columns stand in one of the first rows of the file, each once.',
    translations: {
      ru: {
        title: 'В файле нет столбцов карты',
        message: (p: Columns) =>
          p.found === ''
            ? `Ни одна строка файла не называет столбцы ${p.missing}.`
            : `Столбцов ${p.missing} нет или они повторяются; в файле есть ${p.found}.`,
        hint: () => 'Названия столбцов стоят в одной из первых строк файла, каждое один раз.',
      },
      uk: {
        title: 'У файлі немає стовпців карти',
        message: (p: Columns) =>
          p.found === ''
            ? `Жоден рядок файлу не називає стовпців ${p.missing}.`
            : `Стовпців ${p.missing} немає або вони повторюються; у файлі є ${p.found}.`,
        hint: () => 'Назви стовпців стоять в одному з перших рядків файлу, кожна один раз.',
      },
      es: {
        title: 'El archivo no tiene las columnas del mapa',
        message: (p: Columns) =>
          p.found === ''
            ? `Ninguna fila nombra las columnas ${p.missing}.`
            : `Faltan o se repiten las columnas ${p.missing}; el archivo tiene ${p.found}.`,
        hint: () => 'Los nombres de las columnas están en una de las primeras filas, cada uno una vez.',
      },
    },
  },
  FILE_QUOTE: {
    status: 422,
    title: 'A quotation mark is not closed',
    message: (p: Place) => `From row ${p.row} on a quotation mark stays open to the end of the file. Nothing was imported.`,
    translations: {
      ru: {
        title: 'Кавычка не закрыта',
        message: (p: Place) => `Начиная со строки ${p.row} кавычка остаётся открытой до конца файла. Ничего не импортировано.`,
      },
      uk: {
        title: 'Лапку не закрито',
        message: (p: Place) => `Починаючи з рядка ${p.row} лапка лишається відкритою до кінця файлу. Нічого не імпортовано.`,
      },
      es: {
        title: 'Hay una comilla sin cerrar',
        message: (p: Place) => `Desde la fila ${p.row} queda una comilla abierta hasta el final. No se ha importado nada.`,
      },
    },
  },
  FILE_ROW_SIZE: {
    status: 422,
    title: 'A row is too long',
    message: (p: Place) => `Row ${p.row} is longer than 1 MB; is a quotation mark left open? Nothing was imported.`,
    translations: {
      ru: {
        title: 'Строка слишком длинная',
        message: (p: Place) => `Строка ${p.row} длиннее 1 МБ; не забыта ли закрывающая кавычка? Ничего не импортировано.`,
      },
      uk: {
        title: 'Рядок задовгий',
        message: (p: Place) => `Рядок ${p.row} довший за 1 МБ; чи не забуто закривну лапку? Нічого не імпортовано.`,
      },
      es: {
        title: 'Una fila es demasiado larga',
        message: (p: Place) => `La fila ${p.row} supera 1 MB; ¿falta cerrar una comilla? No se ha importado nada.`,
      },
    },
  },
  FILE_TOO_MANY_ROWS: {
    status: 422,
    title: 'The file has too many rows',
    message: (p: Limit) => `The file has more than the ${p.limit} rows that may be imported at a time. Nothing was imported.`,
    hint: () => 'Divide the file.',
    translations: {
      ru: {
        title: 'В файле слишком много строк',
        message: (p: Limit) => `В файле больше строк, чем можно импортировать за один раз (${p.limit}). Ничего не импортировано.`,
        hint: () => 'Разделите файл.',
      },
      uk: {
        title: 'У файлі забагато рядків',
        message: (p: Limit) => `У файлі більше рядків, ніж можна імпортувати за один раз (${p.limit}). Нічого не імпортовано.`,
        hint: () => 'Розділіть файл.',
      },
      es: {
        title: 'El archivo tiene demasiadas filas',
        message: (p: Limit) => `El archivo tiene más de las ${p.limit} filas que se pueden importar a la vez. No se ha importado nada.`,
        hint: () => 'Divida el archivo.',
      },
    },
  },
  FILE_GONE: {
    status: 409,
    title: 'The file is not there any more',
    message: () => 'The uploaded file is gone; what was imported before stays.',
    hint: () => 'Send the file again: rows that are there already are left as they are.',
    translations: {
      ru: {
        title: 'Файла больше нет',
        message: () => 'Загруженного файла больше нет; импортированное раньше остаётся.',
        hint: () => 'Передайте файл ещё раз: уже импортированные строки не изменятся.',
      },
      uk: {
        title: 'Файлу більше немає',
        message: () => 'Завантаженого файлу більше немає; імпортоване раніше лишається.',
        hint: () => 'Передайте файл ще раз: уже імпортовані рядки не зміняться.',
      },
      es: {
        title: 'El archivo ya no está',
        message: () => 'El archivo enviado ya no está; lo importado antes permanece.',
        hint: () => 'Envíe el archivo de nuevo: las filas ya importadas no cambian.',
      },
    },
  },
  GAVE_UP: {
    status: 409,
    title: 'The import could not go on',
    message: () => 'The import was begun several times and came no further; what was imported before stays.',
    hint: () => 'Tell your administrator the id of the import, then send the file again.',
    translations: {
      ru: {
        title: 'Импорт не удалось продолжить',
        message: () => 'Импорт запускался несколько раз и не продвинулся; импортированное раньше остаётся.',
        hint: () => 'Сообщите администратору идентификатор импорта и передайте файл ещё раз.',
      },
      uk: {
        title: 'Імпорт не вдалося продовжити',
        message: () => 'Імпорт запускався кілька разів і не просунувся; імпортоване раніше лишається.',
        hint: () => 'Повідомте адміністратору ідентифікатор імпорту й передайте файл ще раз.',
      },
      es: {
        title: 'La importación no pudo continuar',
        message: () => 'La importación se inició varias veces sin avanzar; lo importado antes permanece.',
        hint: () => 'Comunique a su administrador el identificador de la importación y envíe el archivo de nuevo.',
      },
    },
  },
  NOT_UNDOABLE: {
    status: 409,
    title: 'This import can not be undone',
    message: (p: Reason) =>
      ({ open: 'It is still running.', trial: 'A dry run has written nothing.', undone: 'It is undone already, or being undone.' })[
        p.reason
      ],
    translations: {
      ru: {
        title: 'Этот импорт нельзя отменить',
        message: (p: Reason) =>
          ({ open: 'Он ещё выполняется.', trial: 'Пробный запуск ничего не записал.', undone: 'Он уже отменён или отменяется.' })[p.reason],
      },
      uk: {
        title: 'Цей імпорт не можна скасувати',
        message: (p: Reason) =>
          ({ open: 'Він ще виконується.', trial: 'Пробний запуск нічого не записав.', undone: 'Його вже скасовано або скасовують.' })[
            p.reason
          ],
      },
      es: {
        title: 'Esta importación no se puede deshacer',
        message: (p: Reason) =>
          ({ open: 'Aún está en curso.', trial: 'Una prueba no ha escrito nada.', undone: 'Ya se ha deshecho o se está deshaciendo.' })[
            p.reason
          ],
      },
    },
  },
})
