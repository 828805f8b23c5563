/**
 * What the demo business sells and uses: categories and product families with their variants.
 * Data only; prices of variants follow from the family's first price and its step.
 */

/** Category code → name and parent's code. Parents stand first. */
export const CATEGORIES: readonly (readonly [code: string, name: string, parent: string | null])[] = [
  ['WH', 'Warehouse equipment', null],
  ['PK', 'Packaging', null],
  ['WP', 'Workplace', null],
  ['SF', 'Safety', null],
  ['EL', 'Identification and scales', null],
  ['SV', 'Services', null],
  ['IN', 'Production inputs', null],
  ['WH-SH', 'Shelving and racking', 'WH'],
  ['WH-TR', 'Trucks and trolleys', 'WH'],
  ['WH-LD', 'Ladders and steps', 'WH'],
  ['WH-CN', 'Containers', 'WH'],
  ['PK-BX', 'Boxes', 'PK'],
  ['PK-FT', 'Film and tape', 'PK'],
  ['PK-LB', 'Labels', 'PK'],
  ['WP-DK', 'Desks and benches', 'WP'],
  ['WP-CH', 'Chairs', 'WP'],
  ['WP-LK', 'Lockers and cabinets', 'WP'],
  ['SF-PW', 'Protective wear', 'SF'],
  ['SF-SB', 'Signs and barriers', 'SF'],
  ['EL-SC', 'Scanners and printers', 'EL'],
  ['EL-WS', 'Scales', 'EL'],
  ['SV-IN', 'Installation', 'SV'],
  ['SV-MT', 'Maintenance', 'SV'],
  ['SV-PL', 'Planning and training', 'SV'],
  ['IN-ST', 'Steel and profiles', 'IN'],
  ['IN-BD', 'Board and timber', 'IN'],
  ['IN-SM', 'Small parts', 'IN'],
]

/** Symbol → name, dimension, decimals. */
export const UNITS: readonly (readonly [symbol: string, name: string, dimension: string, decimals: number])[] = [
  ['pcs', 'Piece', 'count', 0],
  ['pack', 'Pack', 'count', 0],
  ['pair', 'Pair', 'count', 0],
  ['roll', 'Roll', 'count', 0],
  ['pallet', 'Pallet', 'count', 0],
  ['kg', 'Kilogram', 'mass', 3],
  ['m', 'Metre', 'length', 2],
  ['m²', 'Square metre', 'area', 2],
  ['l', 'Litre', 'volume', 2],
  ['h', 'Hour', 'time', 2],
  ['day', 'Day', 'time', 1],
]

/** Products that differ in one trait. Prices in euro: the first, and the factor from one variant to the next. */
export interface Family {
  readonly code: string
  readonly category: string
  readonly kind: 'good' | 'service' | 'input'
  readonly series?: string
  readonly name: string
  readonly variants: readonly string[]
  readonly unit: string
  readonly price: number
  readonly step: number
  /** Cost as a share of the price. */
  readonly cost: number
  /** Weight of the first variant in kilograms. */
  readonly weight?: number
  readonly tags?: readonly string[]
}

const family = (
  code: string,
  category: string,
  name: string,
  variants: string,
  unit: string,
  price: number,
  step: number,
  cost: number,
  more: Partial<Family> = {},
): Family => ({
  code,
  category,
  kind: 'good',
  name,
  variants: variants.split(' | '),
  unit,
  price,
  step,
  cost,
  ...more,
})

export const FAMILIES: readonly Family[] = [
  family(
    'RK',
    'WH-SH',
    'Pallet rack bay',
    '2.5 m, 2 levels | 3.5 m, 3 levels | 4.5 m, 4 levels | 5.5 m, 4 levels | 6.5 m, 5 levels | 7.5 m, 6 levels',
    'pcs',
    389,
    1.19,
    0.61,
    { series: 'Atlas', weight: 96, tags: ['racking'] },
  ),
  family(
    'SH',
    'WH-SH',
    'Boltless shelf',
    '900 × 400, 5 boards | 900 × 500, 5 boards | 1200 × 400, 5 boards | 1200 × 600, 6 boards | 1500 × 600, 6 boards | 1800 × 600, 6 boards',
    'pcs',
    89,
    1.13,
    0.58,
    { series: 'Clip', weight: 18, tags: ['racking'] },
  ),
  family('CA', 'WH-SH', 'Cantilever arm set', '600 mm | 800 mm | 1000 mm | 1200 mm', 'pcs', 142, 1.16, 0.63, {
    series: 'Atlas',
    weight: 21,
  }),
  family(
    'PT',
    'WH-TR',
    'Hand pallet truck',
    '2.0 t | 2.5 t | 2.5 t, low profile | 3.0 t | 2.0 t, with scale | 1.5 t, electric',
    'pcs',
    329,
    1.31,
    0.64,
    { series: 'Moto', weight: 62 },
  ),
  family(
    'TL',
    'WH-TR',
    'Platform trolley',
    '150 kg, folding | 250 kg | 300 kg, two shelves | 500 kg | 600 kg, mesh sides',
    'pcs',
    96,
    1.24,
    0.57,
    { series: 'Roll', weight: 11 },
  ),
  family('ST', 'WH-TR', 'Sack truck', '150 kg | 200 kg, pneumatic | 250 kg | 200 kg, stair climber', 'pcs', 59, 1.28, 0.55, {
    series: 'Roll',
    weight: 9,
  }),
  family('LD', 'WH-LD', 'Platform ladder', '3 steps | 4 steps | 5 steps | 6 steps | 8 steps', 'pcs', 118, 1.21, 0.6, {
    series: 'Alto',
    weight: 12,
  }),
  family(
    'SB',
    'WH-CN',
    'Stacking box',
    '300 × 200 × 120 | 400 × 300 × 170 | 400 × 300 × 220 | 600 × 400 × 220 | 600 × 400 × 320 | 800 × 600 × 420',
    'pcs',
    5.9,
    1.33,
    0.52,
    { series: 'Euro', weight: 0.6 },
  ),
  family('MC', 'WH-CN', 'Mesh container', '800 × 600 | 1200 × 800 | 1200 × 1000 | 1200 × 1000, half height', 'pcs', 149, 1.18, 0.66, {
    series: 'Euro',
    weight: 42,
  }),
  family(
    'BX',
    'PK-BX',
    'Corrugated box',
    '200 × 150 × 90 | 305 × 215 × 100 | 400 × 300 × 200 | 430 × 310 × 250 | 600 × 400 × 300 | 800 × 600 × 500, double wall',
    'pack',
    14.5,
    1.27,
    0.54,
    { series: 'Karton', weight: 3.2, tags: ['consumables'] },
  ),
  family('MB', 'PK-BX', 'Mailing box', 'S | M | L | XL', 'pack', 11.8, 1.22, 0.5, { series: 'Karton', weight: 2.1, tags: ['consumables'] }),
  family(
    'SF',
    'PK-FT',
    'Stretch film',
    '17 µm, 300 m | 20 µm, 300 m | 23 µm, 300 m | 23 µm, black | 20 µm, machine roll',
    'roll',
    8.9,
    1.19,
    0.6,
    { series: 'Wrap', weight: 2.4, tags: ['consumables'] },
  ),
  family(
    'TP',
    'PK-FT',
    'Packing tape',
    'PP, clear | PP, brown | PVC, low noise | Paper, 50 mm | Filament, 25 mm',
    'pack',
    10.4,
    1.16,
    0.55,
    { series: 'Wrap', weight: 1.3, tags: ['consumables'] },
  ),
  family('LB', 'PK-LB', 'Thermal label roll', '57 × 32 | 70 × 32 | 100 × 50 | 100 × 150 | 102 × 210', 'roll', 4.2, 1.25, 0.48, {
    series: 'Print',
    weight: 0.5,
    tags: ['consumables'],
  }),
  family('PB', 'WP-DK', 'Packing bench', '1500 mm | 1800 mm | 2000 mm, with shelf | 2000 mm, height adjustable', 'pcs', 429, 1.29, 0.59, {
    series: 'Werk',
    weight: 54,
  }),
  family('WB', 'WP-DK', 'Workbench', '1200 mm, beech | 1500 mm, beech | 1500 mm, 3 drawers | 2000 mm, 6 drawers', 'pcs', 369, 1.27, 0.6, {
    series: 'Werk',
    weight: 58,
  }),
  family('SD', 'WP-DK', 'Sit-stand desk', '1200 × 800 | 1400 × 800 | 1600 × 800 | 1800 × 800', 'pcs', 439, 1.1, 0.57, {
    series: 'Office',
    weight: 38,
  }),
  family('CH', 'WP-CH', 'Task chair', 'mesh | mesh, headrest | fabric | fabric, 24 h | ESD', 'pcs', 189, 1.22, 0.53, {
    series: 'Office',
    weight: 14,
  }),
  family('IC', 'WP-CH', 'Industrial stool', 'PU, 450–580 | PU, 580–850 | beech | ESD', 'pcs', 84, 1.2, 0.56, { series: 'Werk', weight: 8 }),
  family('LK', 'WP-LK', 'Steel locker', '1 door | 2 doors | 4 doors | 6 doors | 8 compartments', 'pcs', 129, 1.26, 0.58, {
    series: 'Safe',
    weight: 24,
  }),
  family('TC', 'WP-LK', 'Tool cabinet', '5 drawers | 7 drawers | 9 drawers', 'pcs', 549, 1.24, 0.6, { series: 'Safe', weight: 76 }),
  family('FC', 'WP-LK', 'Safety cabinet', '30 min, 60 l | 90 min, 100 l | 90 min, 220 l', 'pcs', 689, 1.48, 0.62, {
    series: 'Safe',
    weight: 92,
    tags: ['certified'],
  }),
  family('GL', 'SF-PW', 'Work gloves', 'size 7 | size 8 | size 9 | size 10 | size 11', 'pair', 3.4, 1, 0.45, {
    series: 'Guard',
    weight: 0.1,
    tags: ['consumables', 'certified'],
  }),
  family('SS', 'SF-PW', 'Safety shoes S3', 'size 40 | size 41 | size 42 | size 43 | size 44 | size 45', 'pair', 74, 1, 0.52, {
    series: 'Guard',
    weight: 1.4,
    tags: ['certified'],
  }),
  family('HV', 'SF-PW', 'High-visibility vest', 'yellow, M | yellow, L | yellow, XL | orange, L | orange, XL', 'pcs', 6.8, 1, 0.42, {
    series: 'Guard',
    weight: 0.2,
    tags: ['certified'],
  }),
  family('HM', 'SF-PW', 'Safety helmet', 'white | yellow | blue | red | green', 'pcs', 12.9, 1, 0.44, {
    series: 'Guard',
    weight: 0.4,
    tags: ['certified'],
  }),
  family('RB', 'SF-SB', 'Rack protector', '400 mm | 600 mm | 800 mm | end frame', 'pcs', 34, 1.3, 0.55, { series: 'Atlas', weight: 5 }),
  family('FM', 'SF-SB', 'Floor marking tape', 'yellow | yellow/black | white | green', 'roll', 17.5, 1.04, 0.5, {
    series: 'Guard',
    weight: 0.7,
    tags: ['consumables'],
  }),
  family('SC', 'EL-SC', 'Barcode scanner', '1D, corded | 2D, corded | 2D, Bluetooth | 2D, rugged | ring scanner', 'pcs', 79, 1.52, 0.66, {
    series: 'Ident',
    weight: 0.2,
  }),
  family('LP', 'EL-SC', 'Label printer', '4 inch, 203 dpi | 4 inch, 300 dpi | 6 inch, 203 dpi | mobile, 3 inch', 'pcs', 319, 1.3, 0.67, {
    series: 'Ident',
    weight: 2.6,
  }),
  family('WS', 'EL-WS', 'Platform scale', '60 kg | 150 kg | 300 kg | 1.5 t, floor', 'pcs', 229, 1.49, 0.63, {
    series: 'Ident',
    weight: 9,
    tags: ['certified'],
  }),
  family('CS', 'EL-WS', 'Counting scale', '3 kg | 6 kg | 15 kg | 30 kg', 'pcs', 198, 1.15, 0.62, {
    series: 'Ident',
    weight: 4,
    tags: ['certified'],
  }),
  family(
    'SI',
    'SV-IN',
    'Installation',
    'shelving, per hour | racking, per day | racking team, per day | workstations, per hour | dismantling, per day',
    'h',
    58,
    1.9,
    0.55,
    { kind: 'service' },
  ),
  family('SM', 'SV-MT', 'Rack inspection', 'up to 50 bays | up to 200 bays | up to 500 bays | over 500 bays', 'pcs', 390, 1.75, 0.5, {
    kind: 'service',
    tags: ['certified'],
  }),
  family(
    'SN',
    'SV-MT',
    'Maintenance plan',
    'pallet trucks, yearly | scanners, yearly | scales with calibration, yearly | complete site, yearly',
    'pcs',
    240,
    1.8,
    0.48,
    { kind: 'service', tags: ['renewable'] },
  ),
  family('SX', 'SV-MT', 'Repair', 'call-out | per hour | workshop flat rate', 'h', 65, 1.3, 0.52, { kind: 'service' }),
  family(
    'SP',
    'SV-PL',
    'Warehouse planning',
    'site visit | layout drawing | layout with statics | flow simulation',
    'day',
    480,
    1.55,
    0.45,
    { kind: 'service' },
  ),
  family(
    'TR',
    'SV-PL',
    'Training',
    'rack safety, half day | truck operators, one day | label software, half day | key users, one day',
    'day',
    360,
    1.25,
    0.42,
    { kind: 'service' },
  ),
  family('SW', 'SV-PL', 'Freight and delivery', 'up to 30 kg | pallet, national | pallet, international', 'pcs', 19, 3.1, 0.8, {
    kind: 'service',
  }),
  family('XS', 'IN-ST', 'Steel coil', '1.5 mm | 2.0 mm | 2.5 mm | 3.0 mm', 'kg', 1.32, 1.03, 0.9, { kind: 'input', weight: 1 }),
  family('XP', 'IN-ST', 'Upright profile', '80 × 60 | 100 × 70 | 120 × 95', 'm', 7.4, 1.24, 0.9, { kind: 'input', weight: 4 }),
  family('XB', 'IN-BD', 'Chipboard panel', '16 mm | 19 mm | 25 mm | 38 mm', 'm²', 8.6, 1.26, 0.9, { kind: 'input', weight: 11 }),
  family('XK', 'IN-BD', 'Kraft paper', '90 g | 120 g | 150 g', 'kg', 1.1, 1.06, 0.9, { kind: 'input', weight: 1 }),
  family('XF', 'IN-SM', 'Bolt set', 'M8 | M10 | M12 | anchor M12', 'pack', 9.8, 1.2, 0.9, { kind: 'input', weight: 1.8 }),
  family('XC', 'IN-SM', 'Castor wheel', '80 mm | 100 mm | 125 mm, brake', 'pcs', 4.6, 1.3, 0.9, { kind: 'input', weight: 0.6 }),
  family('XR', 'IN-SM', 'Powder coat', 'light grey | gentian blue | signal orange', 'kg', 6.2, 1.08, 0.9, { kind: 'input', weight: 1 }),
]
