/** The ways in which a forbidden name can be written: what a parser, a database or a careless map might take for it. */

/** A name and where its values lie: what an insider would try. */
export interface Physical {
  readonly name: string
  /** The field's number in `data`. */
  readonly no: string
  /** Its slot column, if it has one. */
  readonly slot: string
}

export type Spelling = (field: Physical) => string

/** One name as it is. */
export const PLAIN: Spelling = ({ name }) => name

/** Spellings by what they play on. Each is made of the name (or its place) alone, so that an unknown name can be spelled alike. */
export const SPELLINGS: Readonly<Record<string, Spelling>> = {
  plain: PLAIN,
  'upper case': ({ name }) => name.toUpperCase(),
  'one capital': ({ name }) => name.slice(0, 1).toUpperCase() + name.slice(1),
  'a blank behind': ({ name }) => `${name} `,
  'a blank before': ({ name }) => ` ${name}`,
  'a tab and a line end': ({ name }) => `\t${name}\n`,
  'a zero-width joiner': ({ name }) => `${name.slice(0, 2)}\u200d${name.slice(2)}`,
  'a soft hyphen': ({ name }) => `${name.slice(0, 2)}\u00ad${name.slice(2)}`,
  'a byte order mark': ({ name }) => `\ufeff${name}`,
  'full-width letters': ({ name }) => name.replaceAll(/[a-z]/g, letter => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
  'mathematical letters': ({ name }) => name.replaceAll(/[a-z]/g, letter => String.fromCodePoint(0x1d41a + letter.charCodeAt(0) - 97)),
  'a long s': ({ name }) => name.replaceAll('s', 'ſ'),
  'Cyrillic letters': ({ name }) =>
    name.replaceAll('a', 'а').replaceAll('o', 'о').replaceAll('e', 'е').replaceAll('c', 'с').replaceAll('p', 'р'),
  'a combining dot': ({ name }) => `${name}\u0307`,
  'right to left': ({ name }) => `\u202e${[...name].toReversed().join('')}`,
  dotted: ({ name }) => `.${name}`,
  'dotted to itself': ({ name }) => `${name}.${name}`,
  'with an operator': ({ name }) => `${name}.eq`,
  'with a length': ({ name }) => `${name}.length`,
  bracketed: ({ name }) => `[${name}]`,
  indexed: ({ name }) => `${name}[0]`,
  'as a filter of other products': ({ name }) => `filter[${name}][_eq]`,
  quoted: ({ name }) => `"${name}"`,
  'in back ticks': ({ name }) => `\`${name}\``,
  'with a comment': ({ name }) => `${name}/**/`,
  'with a comment to the end': ({ name }) => `${name}--`,
  'with a cast': ({ name }) => `${name}::text`,
  'with an alias': ({ name }) => `${name} as id`,
  'alias before': ({ name }) => `id:${name}`,
  'with a direction': ({ name }) => `${name} desc`,
  'with a function': ({ name }) => `lower(${name})`,
  'a list of two': ({ name }) => `id,${name}`,
  'the converted amount': ({ name }) => `${name}_base`,
  'an id behind': ({ name }) => `${name}_id`,
  'a variable': ({ name }) => `$record.${name}`,
  'a field of data': ({ name }) => `data.${name}`,
  'its number': ({ no }) => no,
  'its number in data': ({ no }) => `data->>'${no}'`,
  'its column': ({ slot }) => slot,
  'its column of the table': ({ slot }) => `r1.${slot}`,
  'its JSON pointer': ({ no }) => `/data/${no}`,
  'percent-encoded': ({ name }) => `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`,
  'escaped twice': ({ name }) => `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`,
  'broken off by NUL': ({ name }) => `${name}\u0000`,
  'a wild card': ({ name }) => `${name.slice(0, 3)}*`,
  'a path up': ({ name }) => `../${name}`,
  'very long': ({ name }) => `${name}${'x'.repeat(300)}`,
}

/** A name nobody has, made of the same letters: what a forbidden one has to be refused like, whatever a spelling does to its letters. */
export function decoyOf({ name, no, slot }: Physical): Physical {
  const turned = [...name].toReversed().join('')
  return {
    name: /^[a-z]/.test(turned) && turned !== name ? turned : `q${name.slice(1)}`,
    no: no.replaceAll(/[0-9]/g, '9'),
    slot: slot.replaceAll(/[0-9]+/g, '99'),
  }
}
