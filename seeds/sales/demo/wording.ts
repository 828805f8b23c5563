/**
 * What people write: names of deals, next steps, subjects and notes, in the languages of the customers.
 * Data only.
 */
import type { Language } from './places.ts'
import { at, type Random } from './random.ts'

type Texts = Readonly<Record<Language, readonly string[]>>

/** Topics of deals by the first letters of a category. */
const TOPICS: Readonly<Record<string, Texts>> = {
  'WH-SH': {
    en: ['Racking for the new hall', 'Shelving replacement', 'Storage extension', 'Archive shelving', 'Cross-dock racking'],
    es: ['Estanterías para la nueva nave', 'Renovación de estanterías', 'Ampliación del almacén', 'Estanterías de archivo'],
    uk: ['Стелажі для нового складу', 'Заміна стелажів', 'Розширення складу', 'Архівні стелажі'],
    ru: ['Стеллажи для нового склада', 'Замена стеллажей', 'Расширение склада'],
  },
  WH: {
    en: ['Hand trucks for dispatch', 'Order picking equipment', 'Container pool', 'Ladders for the warehouse', 'Fleet renewal'],
    es: ['Transpaletas para expediciones', 'Equipos de preparación de pedidos', 'Cajas apilables', 'Renovación de equipos'],
    uk: ['Візки для відвантаження', 'Обладнання для комплектації', 'Парк контейнерів', 'Оновлення техніки'],
    ru: ['Тележки для отгрузки', 'Оборудование для комплектации', 'Обновление техники'],
  },
  PK: {
    en: ['Packaging for the season', 'Yearly packaging contract', 'Film and tape supply', 'Shipping boxes', 'Label supply'],
    es: ['Embalaje para la temporada', 'Contrato anual de embalaje', 'Suministro de film y cinta', 'Cajas de envío'],
    uk: ['Пакування на сезон', 'Річний договір на пакування', 'Постачання плівки та скотчу', 'Коробки для відправлень'],
    ru: ['Упаковка на сезон', 'Годовой договор на упаковку', 'Поставка плёнки и скотча'],
  },
  WP: {
    en: ['Packing stations', 'Office move', 'Workshop refit', 'Changing room lockers', 'Ergonomic workplaces'],
    es: ['Puestos de embalaje', 'Traslado de oficina', 'Reforma del taller', 'Taquillas para vestuario'],
    uk: ['Пакувальні станції', 'Переїзд офісу', 'Переоснащення майстерні', 'Шафи для роздягальні'],
    ru: ['Упаковочные станции', 'Переезд офиса', 'Переоснащение мастерской'],
  },
  SF: {
    en: ['Protective wear, yearly', 'Rack protection', 'Safety audit follow-up', 'Floor marking'],
    es: ['Equipos de protección, anual', 'Protección de estanterías', 'Señalización del suelo'],
    uk: ['Засоби захисту на рік', 'Захист стелажів', 'Розмітка підлоги'],
    ru: ['Средства защиты на год', 'Защита стеллажей', 'Разметка пола'],
  },
  EL: {
    en: ['Scanner roll-out', 'Label printing', 'Scales for goods-in', 'Identification upgrade'],
    es: ['Despliegue de lectores', 'Impresión de etiquetas', 'Básculas de recepción'],
    uk: ['Впровадження сканерів', 'Друк етикеток', 'Ваги для приймання'],
    ru: ['Внедрение сканеров', 'Печать этикеток', 'Весы для приёмки'],
  },
  SV: {
    en: ['Installation work', 'Rack inspection', 'Warehouse planning', 'Staff training', 'Repair contract'],
    es: ['Trabajos de montaje', 'Inspección de estanterías', 'Planificación de almacén', 'Formación del personal'],
    uk: ['Монтажні роботи', 'Огляд стелажів', 'Планування складу', 'Навчання персоналу'],
    ru: ['Монтажные работы', 'Осмотр стеллажей', 'Планирование склада'],
  },
}

const RENEWALS: Texts = {
  en: ['Maintenance renewal', 'Calibration renewal', 'Service contract, next year', 'Site maintenance renewal'],
  es: ['Renovación de mantenimiento', 'Renovación de calibración', 'Contrato de servicio, próximo año'],
  uk: ['Продовження обслуговування', 'Продовження калібрування', 'Сервісний договір на наступний рік'],
  ru: ['Продление обслуживания', 'Продление калибровки', 'Сервисный договор на следующий год'],
}

const PLACES: Texts = {
  en: ['', '', 'main site', 'second site', 'phase 1', 'phase 2', 'north hall', 'outlet', 'spring', 'autumn'],
  es: ['', '', 'sede central', 'segunda nave', 'fase 1', 'fase 2', 'zona norte', 'otoño'],
  uk: ['', '', 'головний склад', 'другий склад', 'етап 1', 'етап 2', 'осінь'],
  ru: ['', '', 'главный склад', 'второй склад', 'этап 1', 'этап 2'],
}

/** The name of a deal about that category. */
export function dealName(random: Random, category: string, process: string, language: Language): string {
  const topics = process === 'renewal' ? RENEWALS : (TOPICS[category] ?? TOPICS[category.slice(0, 2)] ?? RENEWALS)
  const place = random.pick(PLACES[language])
  const topic = random.pick(topics[language])
  return place === '' ? topic : `${topic}, ${place}`
}

export const COMPETITORS = ['Regalwerk AG', 'Almacén Total', 'StoreFit', 'Промстелаж', 'PackNord']

export const NEXT_STEPS: Texts = {
  en: [
    'Send revised quote',
    'Call about delivery date',
    'Site visit',
    'Wait for board decision',
    'Clarify floor load',
    'Agree payment terms',
  ],
  es: ['Enviar oferta revisada', 'Llamar por el plazo de entrega', 'Visita a las instalaciones', 'Esperar la decisión de dirección'],
  uk: ['Надіслати оновлену пропозицію', 'Зателефонувати щодо терміну', 'Відвідати об’єкт', 'Дочекатися рішення керівництва'],
  ru: ['Отправить обновлённое предложение', 'Позвонить по срокам', 'Выезд на объект', 'Дождаться решения руководства'],
}

/** Subjects of tasks by kind. */
export const TASKS: Readonly<Record<string, Texts>> = {
  follow_up: {
    en: ['Follow up on quote', 'Ask for decision', 'Check in after delivery'],
    es: ['Seguimiento de la oferta', 'Preguntar por la decisión'],
    uk: ['Уточнити щодо пропозиції', 'Запитати про рішення'],
    ru: ['Уточнить по предложению', 'Спросить о решении'],
  },
  meeting: {
    en: ['Meeting on site', 'Yearly review meeting'],
    es: ['Reunión en las instalaciones', 'Revisión anual'],
    uk: ['Зустріч на об’єкті', 'Річна зустріч'],
    ru: ['Встреча на объекте', 'Годовая встреча'],
  },
  quote: {
    en: ['Prepare quote', 'Revise quote with alternatives'],
    es: ['Preparar oferta', 'Revisar oferta con alternativas'],
    uk: ['Підготувати пропозицію', 'Переглянути пропозицію'],
    ru: ['Подготовить предложение', 'Пересмотреть предложение'],
  },
  delivery: {
    en: ['Confirm delivery window', 'Arrange unloading'],
    es: ['Confirmar ventana de entrega', 'Organizar la descarga'],
    uk: ['Підтвердити час доставки', 'Організувати розвантаження'],
    ru: ['Подтвердить время доставки', 'Организовать разгрузку'],
  },
  installation: {
    en: ['Install racking', 'Assemble workstations', 'Anchor end frames'],
    es: ['Montar estanterías', 'Montar puestos de trabajo'],
    uk: ['Змонтувати стелажі', 'Зібрати робочі місця'],
    ru: ['Смонтировать стеллажи', 'Собрать рабочие места'],
  },
  service: {
    en: ['Rack inspection visit', 'Calibrate scales'],
    es: ['Inspección de estanterías', 'Calibrar básculas'],
    uk: ['Огляд стелажів', 'Калібрування ваг'],
    ru: ['Осмотр стеллажей', 'Калибровка весов'],
  },
  paperwork: {
    en: ['Send contract for signature', 'Collect tax documents'],
    es: ['Enviar contrato a la firma', 'Reunir documentación fiscal'],
    uk: ['Надіслати договір на підпис', 'Зібрати документи'],
    ru: ['Отправить договор на подпись', 'Собрать документы'],
  },
}

export const CALLS: Texts = {
  en: ['Quote discussion', 'First call', 'Delivery date', 'Price question', 'Follow-up', 'Technical details'],
  es: ['Revisión de la oferta', 'Primera llamada', 'Plazo de entrega', 'Consulta de precio', 'Detalles técnicos'],
  uk: ['Обговорення пропозиції', 'Перший дзвінок', 'Термін поставки', 'Питання щодо ціни', 'Технічні деталі'],
  ru: ['Обсуждение предложения', 'Первый звонок', 'Срок поставки', 'Вопрос по цене'],
}

export const SUMMARIES: Texts = {
  en: [
    'Wants the quote split into two deliveries. Decision expected at the end of the month.',
    'Happy with the samples; asks for a better price from 50 pieces.',
    'Budget is approved, the contract is with their lawyers.',
    'Compares us with one other supplier. Delivery time matters more than price.',
    'Needs a drawing with floor loads before anything is signed.',
  ],
  es: [
    'Quiere dividir la oferta en dos entregas. Decisión a finales de mes.',
    'Contentos con las muestras; piden mejor precio a partir de 50 unidades.',
    'El presupuesto está aprobado; el contrato lo revisa su asesoría.',
    'Nos comparan con otro proveedor. El plazo pesa más que el precio.',
  ],
  uk: [
    'Просять розділити пропозицію на дві поставки. Рішення наприкінці місяця.',
    'Зразки сподобалися; хочуть кращу ціну від 50 штук.',
    'Бюджет погоджено, договір у юристів.',
    'Порівнюють нас з іншим постачальником. Термін важливіший за ціну.',
  ],
  ru: [
    'Просят разделить предложение на две поставки. Решение в конце месяца.',
    'Образцы понравились; хотят цену получше от 50 штук.',
    'Бюджет согласован, договор у юристов.',
  ],
}

export const NOTES: Readonly<Record<string, Texts>> = {
  general: {
    en: ['Works in two shifts', 'Prefers delivery before 10 a.m.', 'New site planned'],
    es: ['Trabajan a dos turnos', 'Prefieren entrega antes de las 10', 'Nueva nave prevista'],
    uk: ['Працюють у дві зміни', 'Доставка до 10:00', 'Планують новий склад'],
    ru: ['Работают в две смены', 'Доставка до 10:00'],
  },
  meeting: {
    en: ['Minutes of the site visit', 'Kick-off meeting'],
    es: ['Acta de la visita', 'Reunión inicial'],
    uk: ['Протокол візиту', 'Стартова зустріч'],
    ru: ['Протокол визита', 'Стартовая встреча'],
  },
  feedback: {
    en: ['Praise for the installation team', 'Late delivery, settled'],
    es: ['Elogios al equipo de montaje', 'Entrega tardía, resuelta'],
    uk: ['Подяка монтажникам', 'Запізнення доставки, вирішено'],
    ru: ['Благодарность монтажникам'],
  },
  competitor: {
    en: ['Competing quote on the table'],
    es: ['Hay una oferta de la competencia'],
    uk: ['Є пропозиція конкурента'],
    ru: ['Есть предложение конкурента'],
  },
  risk: {
    en: ['Purchasing manager leaves', 'Budget may move to next year'],
    es: ['Se va el jefe de compras', 'El presupuesto puede pasar al próximo año'],
    uk: ['Йде керівник закупівель', 'Бюджет можуть перенести'],
    ru: ['Уходит начальник закупок'],
  },
}

/** What leads ask for. */
export const INQUIRIES: Texts = {
  en: [
    'Asking for shelving',
    'Quote for packing benches',
    'Catalogue request',
    'Question about rack inspection',
    'Scanners for 12 stations',
    'Packaging samples',
    'Lockers for 40 people',
    'Trade fair contact',
  ],
  es: [
    'Solicita estanterías',
    'Oferta de bancos de embalaje',
    'Solicitud de catálogo',
    'Consulta sobre inspección',
    'Muestras de embalaje',
    'Contacto de feria',
  ],
  uk: [
    'Запит на стелажі',
    'Пропозиція на пакувальні столи',
    'Запит каталогу',
    'Питання щодо огляду стелажів',
    'Зразки пакування',
    'Контакт із виставки',
  ],
  ru: ['Запрос на стеллажи', 'Запрос каталога', 'Вопрос об осмотре стеллажей', 'Контакт с выставки'],
}

/** One text in the language, or in English. */
export function wordingOf(random: Random, texts: Texts | undefined, language: Language): string {
  const known = texts?.[language]
  return known === undefined || known.length === 0 ? at(INQUIRIES.en, 0) : random.pick(known)
}
