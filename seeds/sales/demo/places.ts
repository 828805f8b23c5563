/**
 * Countries the demo business works in: cities, streets, numbers, currency, language and the branch that serves them.
 * Data only. Phone numbers and mail domains are made so that they reach nobody.
 */

export type Language = 'en' | 'ru' | 'uk' | 'es'
export type Branch = 'berlin' | 'madrid' | 'kyiv'

export interface Country {
  readonly code: string
  readonly name: string
  readonly language: Language
  /** Language people there are written to in; a value of the field `preferred_language`. */
  readonly speaks: string
  readonly branch: Branch
  readonly currency: 'EUR' | 'USD' | 'UAH'
  /** How many of 300 customers sit here. */
  readonly share: number
  readonly cities: readonly (readonly [city: string, postalCode: string, region?: string])[]
  readonly streets: readonly string[]
  /** Whether the house number stands before the street. */
  readonly numberFirst?: boolean
  /** Phone numbers begin so; the rest is filled with digits up to `digits`. */
  readonly phone: string
  readonly digits: number
  /** Tax numbers begin so and go on with that many digits. */
  readonly tax: readonly [prefix: string, digits: number]
}

export const COUNTRIES: readonly Country[] = [
  {
    code: 'DE',
    name: 'Germany',
    language: 'en',
    speaks: 'de',
    branch: 'berlin',
    currency: 'EUR',
    share: 80,
    cities: [
      ['Berlin', '10115'],
      ['Hamburg', '20095'],
      ['München', '80331'],
      ['Leipzig', '04109'],
      ['Köln', '50667'],
      ['Dresden', '01067'],
      ['Bremen', '28195'],
      ['Hannover', '30159'],
      ['Nürnberg', '90402'],
      ['Rostock', '18055'],
    ],
    streets: ['Hafenstraße', 'Industrieweg', 'Lindenallee', 'Am Speicher', 'Gutenbergstraße', 'Siemensring', 'Ziegeleiweg', 'Marktstraße'],
    phone: '+49305550',
    digits: 4,
    tax: ['DE', 9],
  },
  {
    code: 'ES',
    name: 'Spain',
    language: 'es',
    speaks: 'es',
    branch: 'madrid',
    currency: 'EUR',
    share: 55,
    cities: [
      ['Madrid', '28013', 'Madrid'],
      ['Barcelona', '08002', 'Barcelona'],
      ['Valencia', '46002', 'Valencia'],
      ['Sevilla', '41001', 'Sevilla'],
      ['Zaragoza', '50001', 'Zaragoza'],
      ['Málaga', '29015', 'Málaga'],
      ['Bilbao', '48001', 'Bizkaia'],
      ['Murcia', '30001', 'Murcia'],
    ],
    streets: [
      'Calle de la Industria',
      'Avenida del Puerto',
      'Calle Mayor',
      'Polígono San Isidro',
      'Calle de los Olivos',
      'Paseo de la Estación',
      'Ronda Norte',
    ],
    phone: '+3491555',
    digits: 4,
    tax: ['B', 8],
  },
  {
    code: 'UA',
    name: 'Ukraine',
    language: 'uk',
    speaks: 'uk',
    branch: 'kyiv',
    currency: 'UAH',
    share: 60,
    cities: [
      ['Київ', '01001'],
      ['Львів', '79000', 'Львівська область'],
      ['Одеса', '65000', 'Одеська область'],
      ['Дніпро', '49000', 'Дніпропетровська область'],
      ['Вінниця', '21000', 'Вінницька область'],
      ['Чернівці', '58000', 'Чернівецька область'],
      ['Полтава', '36000', 'Полтавська область'],
      ['Житомир', '10001', 'Житомирська область'],
    ],
    streets: [
      'вул. Хрещатик',
      'вул. Івана Франка',
      'вул. Промислова',
      'просп. Перемоги',
      'вул. Садова',
      'вул. Лесі Українки',
      'вул. Заводська',
    ],
    phone: '+38044555',
    digits: 4,
    tax: ['', 8],
  },
  {
    code: 'PL',
    name: 'Poland',
    language: 'en',
    speaks: 'pl',
    branch: 'berlin',
    currency: 'EUR',
    share: 25,
    cities: [
      ['Warszawa', '00-001'],
      ['Kraków', '30-002'],
      ['Gdańsk', '80-803'],
      ['Wrocław', '50-001'],
      ['Poznań', '60-101'],
      ['Łódź', '90-001'],
    ],
    streets: ['ul. Portowa', 'ul. Fabryczna', 'ul. Długa', 'al. Jerozolimskie', 'ul. Magazynowa'],
    phone: '+4822555',
    digits: 4,
    tax: ['PL', 10],
  },
  {
    code: 'GB',
    name: 'United Kingdom',
    language: 'en',
    speaks: 'en',
    branch: 'berlin',
    currency: 'EUR',
    share: 20,
    cities: [
      ['London', 'SE1 9SG'],
      ['Manchester', 'M1 2JQ'],
      ['Bristol', 'BS1 4DJ'],
      ['Leeds', 'LS1 4AP'],
      ['Glasgow', 'G1 1DN'],
    ],
    streets: ['Dock Road', 'Mill Lane', 'Station Road', 'Victoria Street', 'Canal Street'],
    numberFirst: true,
    phone: '+441632960',
    digits: 3,
    tax: ['GB', 9],
  },
  {
    code: 'FR',
    name: 'France',
    language: 'en',
    speaks: 'fr',
    branch: 'madrid',
    currency: 'EUR',
    share: 15,
    cities: [
      ['Paris', '75010'],
      ['Lyon', '69002'],
      ['Marseille', '13002'],
      ['Toulouse', '31000'],
      ['Nantes', '44000'],
    ],
    streets: ['Rue du Port', 'Avenue de la Gare', 'Rue des Ateliers', 'Boulevard Carnot', 'Quai de la Loire'],
    numberFirst: true,
    phone: '+3319900',
    digits: 4,
    tax: ['FR', 11],
  },
  {
    code: 'US',
    name: 'United States',
    language: 'en',
    speaks: 'en',
    branch: 'berlin',
    currency: 'USD',
    share: 15,
    cities: [
      ['Chicago', '60607', 'IL'],
      ['Boston', '02110', 'MA'],
      ['Denver', '80202', 'CO'],
      ['Austin', '78701', 'TX'],
      ['Portland', '97209', 'OR'],
    ],
    streets: ['Harbor Street', 'Commerce Drive', 'Industrial Parkway', 'Market Street', 'Foundry Avenue'],
    numberFirst: true,
    phone: '+1212555010',
    digits: 1,
    tax: ['', 9],
  },
  {
    code: 'MX',
    name: 'Mexico',
    language: 'es',
    speaks: 'es',
    branch: 'madrid',
    currency: 'USD',
    share: 15,
    cities: [
      ['Ciudad de México', '06000'],
      ['Guadalajara', '44100', 'Jalisco'],
      ['Monterrey', '64000', 'Nuevo León'],
      ['Puebla', '72000', 'Puebla'],
    ],
    streets: ['Avenida Reforma', 'Calle Hidalgo', 'Avenida Industrial', 'Calle Morelos', 'Boulevard del Valle'],
    phone: '+52555555',
    digits: 4,
    tax: ['', 12],
  },
  {
    code: 'KZ',
    name: 'Kazakhstan',
    language: 'ru',
    speaks: 'ru',
    branch: 'kyiv',
    currency: 'USD',
    share: 15,
    cities: [
      ['Алматы', '050000'],
      ['Астана', '010000'],
      ['Караганда', '100000'],
      ['Шымкент', '160000'],
    ],
    streets: ['пр. Абая', 'ул. Сатпаева', 'ул. Промышленная', 'пр. Назарбаева', 'ул. Толе би'],
    phone: '+7727355',
    digits: 4,
    tax: ['', 12],
  },
]
