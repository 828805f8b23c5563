/**
 * Names of people and companies, country by country, and how they are put together.
 * Data and its grammar only; who is drawn when is decided elsewhere.
 */
import type { Random } from './random.ts'

interface PeopleNames {
  readonly women: readonly string[]
  readonly men: readonly string[]
  /** Family names: of women, of men (Slavic names differ). */
  readonly families: readonly (readonly [string, string])[]
  /** Patronymics, where they belong to the name. */
  readonly middle?: readonly (readonly [string, string])[]
}

const same = (names: string): (readonly [string, string])[] => names.split(' ').map(name => [name, name] as const)
const words = (names: string): string[] => names.split(' ')
const pairs = (names: string): (readonly [string, string])[] =>
  names.split(' ').map(pair => {
    const [woman, man] = pair.split('/')
    return [woman ?? '', man ?? woman ?? ''] as const
  })

const SPANISH: PeopleNames = {
  women: words('Lucía Carmen Elena Sofía Marta Isabel Paula Raquel Beatriz Nuria Alba Rocío Inés Pilar'),
  men: words('Diego Javier Álvaro Sergio Pablo Andrés Rubén Iván Hugo Miguel Óscar Raúl Gonzalo Tomás'),
  families: same(
    'García Fernández Navarro Ortega Castillo Iglesias Serrano Molina Delgado Vega Campos Prieto Cabrera Ibáñez Núñez Peña Soler Rivas',
  ),
}
const ENGLISH: PeopleNames = {
  women: words('Emily Olivia Grace Hannah Charlotte Megan Alice Laura Naomi Rachel Claire Beth'),
  men: words('James Oliver Thomas Daniel Samuel Adam Henry Luke Marcus Nathan Edward Callum'),
  families: same('Bennett Clarke Hughes Walker Foster Griffiths Harper Marsh Reynolds Sutton Whitfield Barlow Carver Doyle Ellis'),
}
const PEOPLE: Readonly<Record<string, PeopleNames>> = {
  DE: {
    women: words('Julia Katharina Sabine Petra Claudia Nadine Heike Franziska Lena Birgit Monika Svenja Antje Ulrike'),
    men: words('Markus Stefan Thomas Jürgen Florian Matthias Holger Sebastian Tobias Uwe Carsten Lukas Dirk Rainer'),
    families: same(
      'Hoffmann Schäfer Krüger Lehmann Vogel Brandt Neumann Jäger Winkler Seidel Böhm Kühn Arnold Ziegler Haas Engel Pohl Reuter Ludwig Groß',
    ),
  },
  ES: SPANISH,
  MX: SPANISH,
  GB: ENGLISH,
  US: ENGLISH,
  UA: {
    women: words('Олена Наталія Ірина Оксана Тетяна Дарина Софія Юлія Ганна Марія Людмила Соломія Вікторія Катерина'),
    men: words('Андрій Олександр Сергій Богдан Тарас Максим Дмитро Ігор Василь Назар Юрій Роман Остап Єгор'),
    families: pairs(
      'Коваль Шевченко Мельник Бондаренко Ткаченко Кравчук Поліщук Лисенко Савчук Гончар Левицька/Левицький Яворська/Яворський Романюк Ґудзь Їжакевич Стецьків Франчук Козак',
    ),
    middle: pairs('Іванівна/Іванович Петрівна/Петрович Василівна/Васильович Андріївна/Андрійович Миколаївна/Миколайович Олегівна/Олегович'),
  },
  KZ: {
    women: words('Айгуль Динара Светлана Мадина Ольга Алия Екатерина Жанна Гульнара Наталья'),
    men: words('Ерлан Тимур Алексей Данияр Нурлан Дмитрий Арман Виктор Руслан Сергей'),
    families: pairs(
      'Ахметова/Ахметов Ким Сулейменова/Сулейменов Петрова/Петров Жумабаева/Жумабаев Волкова/Волков Ибраева/Ибраев Щербакова/Щербаков Касымова/Касымов',
    ),
    middle: pairs('Сергеевна/Сергеевич Маратовна/Маратович Алексеевна/Алексеевич Ерлановна/Ерланович'),
  },
  PL: {
    women: words('Agnieszka Katarzyna Małgorzata Joanna Magdalena Ewa Monika Zofia'),
    men: words('Tomasz Paweł Krzysztof Michał Marcin Łukasz Jakub Wojciech'),
    families: pairs(
      'Kowalska/Kowalski Wiśniewska/Wiśniewski Wójcik Kamińska/Kamiński Lewandowska/Lewandowski Zając Król Dąbrowska/Dąbrowski',
    ),
  },
  FR: {
    women: words('Camille Élodie Sophie Claire Nathalie Aurélie Juliette'),
    men: words('Julien Nicolas Antoine Guillaume Étienne Laurent Mathieu'),
    families: same('Lefèvre Moreau Girard Fontaine Chevalier Marchand Renaud Caron Bonnet'),
  },
}

/** A person as drawn: the name as it is written there, and its parts. */
export interface PersonDrawn {
  readonly name: string
  readonly parts: { readonly prefix?: string; readonly given: string; readonly middle?: string; readonly family: string }
}

const PREFIXES: Readonly<Record<string, readonly [string, string]>> = {
  DE: ['Frau', 'Herr'],
  GB: ['Ms', 'Mr'],
  US: ['Ms', 'Mr'],
  ES: ['Sra.', 'Sr.'],
  MX: ['Lic.', 'Lic.'],
  FR: ['Mme', 'M.'],
  PL: ['Pani', 'Pan'],
}

/** Draws a person of that country. */
export function drawPerson(random: Random, country: string): PersonDrawn {
  const names = PEOPLE[country] ?? ENGLISH
  const man = random.chance(0.52) ? 1 : 0
  const given = random.pick(man === 1 ? names.men : names.women)
  const family = random.pick(names.families)[man]
  const middle = names.middle === undefined ? undefined : random.pick(names.middle)[man]
  const prefix = PREFIXES[country]?.[man]
  return {
    name: `${given} ${family}`,
    parts: { ...(prefix === undefined ? {} : { prefix }), given, ...(middle === undefined ? {} : { middle }), family },
  }
}

interface CompanyNames {
  readonly first: readonly string[]
  /** Second part of the name by industry. */
  readonly second: Readonly<Record<string, readonly string[]>>
  /** The legal name made of the name. */
  readonly legal: readonly string[]
}

const COMPANIES: Readonly<Record<string, CompanyNames>> = {
  DE: {
    first: words(
      'Nordwerk Falkenberg Reinhardt Elbtal Havelland Brückner Sternberg Wesermarsch Harzquell Adlerhof Lindau Rheinfels Spreeland Ostsee Werra Königstein',
    ),
    second: {
      logistics: ['Logistik', 'Spedition'],
      manufacturing: ['Maschinenbau', 'Metallbau'],
      retail: ['Handelshaus', 'Märkte'],
      wholesale: ['Großhandel'],
      food: ['Feinkost', 'Brauerei'],
      construction: ['Bau', 'Hochbau'],
      medical: ['Medizintechnik'],
      technology: ['Systeme'],
      agriculture: ['Agrar'],
      services: ['Gebäudedienste'],
    },
    legal: ['{} GmbH', '{} GmbH & Co. KG', '{} AG'],
  },
  ES: {
    first: words(
      'Alarcón Valdeluna Levante Cantabria Monteverde Guadiana Almenara Peñalba Costaluz Ribera Albufera Torremolino Sierra Mediterránea',
    ),
    second: {
      logistics: ['Logística', 'Transportes'],
      manufacturing: ['Metalúrgica', 'Industrias'],
      retail: ['Supermercados', 'Comercial'],
      wholesale: ['Distribuciones'],
      food: ['Bodegas', 'Conservas'],
      construction: ['Construcciones'],
      medical: ['Sanitaria'],
      technology: ['Sistemas'],
      agriculture: ['Agrícola'],
      services: ['Servicios'],
    },
    legal: ['{} S.L.', '{} S.A.'],
  },
  MX: {
    first: words('Anáhuac Jalisciense Regiomontana Tolteca Quetzal Bajío Pacífico'),
    second: {
      logistics: ['Logística', 'Fletes'],
      manufacturing: ['Manufacturas'],
      retail: ['Tiendas'],
      wholesale: ['Distribuidora'],
      food: ['Alimentos'],
      construction: ['Constructora'],
    },
    legal: ['{} S.A. de C.V.'],
  },
  UA: {
    first: words('Карпати Дніпро Полісся Буковина Поділля Хортиця Десна Галичина Слобожанщина Черемош Говерла Сян Інгул Рось'),
    second: {
      logistics: ['Логістик', 'Експрес'],
      manufacturing: ['Метал', 'Завод'],
      retail: ['Маркет'],
      wholesale: ['Трейд', 'Постач'],
      food: ['Смак', 'Хліб'],
      construction: ['Буд', 'Будсервіс'],
      medical: ['Мед'],
      technology: ['Технолоджі'],
      agriculture: ['Агро'],
      services: ['Сервіс'],
    },
    legal: ['ТОВ «{}»', 'ПрАТ «{}»'],
  },
  KZ: {
    first: words('Алтай Каспий Тянь-Шань Сарыарка Байтерек Жетысу Иртыш'),
    second: {
      logistics: ['Логистик', 'Карго'],
      manufacturing: ['Металл'],
      retail: ['Маркет'],
      wholesale: ['Трейд', 'Снаб'],
      food: ['Продукт'],
      construction: ['Строй'],
      services: ['Сервис'],
    },
    legal: ['ТОО «{}»'],
  },
  PL: {
    first: words('Bałtyk Wisła Sudety Mazury Tatry Odra Warta Pomorze'),
    second: {
      logistics: ['Logistyka', 'Spedycja'],
      manufacturing: ['Metal'],
      retail: ['Sklepy'],
      wholesale: ['Hurt'],
      food: ['Delikatesy'],
      construction: ['Budowa'],
    },
    legal: ['{} Sp. z o.o.'],
  },
  GB: {
    first: words('Ashbourne Pennine Harwich Kingsley Northgate Severn Thornbury'),
    second: {
      logistics: ['Logistics', 'Haulage'],
      manufacturing: ['Engineering'],
      retail: ['Stores'],
      wholesale: ['Wholesale'],
      food: ['Foods'],
      construction: ['Builders'],
      medical: ['Medical'],
    },
    legal: ['{} Ltd', '{} plc'],
  },
  FR: {
    first: words('Vercors Garonne Bellerive Montclair Ardèche Armorique'),
    second: {
      logistics: ['Logistique'],
      manufacturing: ['Mécanique'],
      retail: ['Magasins'],
      wholesale: ['Distribution'],
      food: ['Saveurs'],
      construction: ['Bâtiment'],
    },
    legal: ['{} SAS', '{} SARL'],
  },
  US: {
    first: words('Lakeshore Redwood Granite Prairie Cascade Bluestone'),
    second: {
      logistics: ['Freight'],
      manufacturing: ['Fabrication'],
      retail: ['Outfitters'],
      wholesale: ['Supply'],
      food: ['Provisions'],
      construction: ['Contractors'],
      technology: ['Systems'],
    },
    legal: ['{} Inc.', '{} LLC'],
  },
}

/** A company as drawn. */
export interface CompanyDrawn {
  readonly name: string
  readonly legalName: string
  readonly industry: string
}

/** Draws companies of a country, no name twice. */
export function drawCompanies(random: Random, country: string, count: number): CompanyDrawn[] {
  const names = COMPANIES[country]
  if (names === undefined) throw new Error(`No company names for ${country}.`)
  const before = country === 'ES' || country === 'MX' || country === 'FR'
  const all = names.first.flatMap(first =>
    Object.entries(names.second).flatMap(([industry, seconds]) =>
      seconds.map(second => ({ name: before ? `${second} ${first}` : `${first} ${second}`, industry })),
    ),
  )
  if (all.length < count) throw new Error(`Only ${all.length} company names for ${country}.`)
  return random
    .shuffled(all)
    .slice(0, count)
    .map(each => ({ ...each, legalName: random.pick(names.legal).replace('{}', each.name) }))
}

const LATIN: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'h',
  ґ: 'g',
  д: 'd',
  е: 'e',
  є: 'ie',
  ж: 'zh',
  з: 'z',
  и: 'y',
  і: 'i',
  ї: 'i',
  й: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ы: 'y',
  э: 'e',
  ю: 'iu',
  я: 'ia',
  ь: '',
  ъ: '',
  ё: 'e',
  ß: 'ss',
  ł: 'l',
  ø: 'o',
}

/** Latin letters, digits and hyphens, for mail addresses and domains. */
export function asciiOf(text: string): string {
  const latin = [...text.toLowerCase()].map(letter => LATIN[letter] ?? letter).join('')
  return latin
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, letters => (/^\p{M}+$/u.test(letters) ? '' : '-'))
    .replace(/^-|-$/g, '')
}
