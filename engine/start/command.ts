/**
 * What a command of `nexus` is: its name, its options with what each is for, and what it does. From one description come the parsing, the
 * help, the suggestion after a slip of the hand and the page of commands. Knows no command.
 */
import { parseArgs } from 'node:util'
import { nearestName } from '../../metadata/nearest.ts'
import { StartRefused } from './main.ts'

/** A line for the operator, beside what the command answers. */
export type Tell = (line: string) => void

/** What a command did not do, and why; ends the process with exit code 1. */
export class CommandFailed extends Error {}

/** One option; `value` is how its value is called in the help. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  readonly value?: string
  readonly about: string
  readonly default?: string
}

type Options = Readonly<Record<string, OptionSpec>>
type Values<O extends Options> = {
  readonly [K in keyof O]: O[K]['type'] extends 'boolean' ? boolean : O[K] extends { default: string } ? string : string | undefined
}

/** What was typed after the name of a command. */
export interface Typed<O extends Options> {
  readonly values: Values<O>
  readonly positionals: readonly string[]
}

interface Definition<O extends Options> {
  readonly name: string
  /** In one line. */
  readonly about: string
  /** What stands after the name, in short. */
  readonly usage: string
  readonly options: O
  /** How many words may stand there that are no options; none unless said otherwise. */
  readonly words?: number
  /** What the help says below the options. */
  readonly notes?: string
  /** When each exit code comes. */
  readonly exits: { readonly 0: string; readonly 1?: string; readonly 2?: string }
  run(typed: Typed<O>, tell: Tell): Promise<number>
}

/** A command as the command line and the page of commands see it. */
export interface Command {
  readonly name: string
  readonly about: string
  readonly usage: string
  readonly help: string
  /** Reads what was typed and does it; answers the exit code. Throws StartRefused for what it can not understand. */
  run(args: readonly string[], tell: Tell): Promise<number>
}

/** The option of every command that answers something. */
export const JSON_OPTION = { type: 'boolean', about: 'Answers as JSON.' } as const satisfies OptionSpec

/** Makes a command of its description. */
export function defineCommand<const O extends Options>(definition: Definition<O>): Command {
  const { name, about, usage } = definition
  return {
    name,
    about,
    usage: `${name} ${usage}`.trim(),
    help: helpOf(definition),
    run: (args, tell) => definition.run(parse(definition, args), tell),
  }
}

/** What is said of a name that does not exist. */
export function meant(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known)
  return nearest === undefined ? '' : ` Is ${nearest} meant?`
}

function parse<O extends Options>({ name, options, words = 0 }: Definition<O>, args: readonly string[]): Typed<O> {
  const config = Object.fromEntries(
    Object.entries(options).map(([key, { type, default: standard }]) => [
      key,
      type === 'boolean' ? { type, default: false } : { type, ...(standard === undefined ? {} : { default: standard }) },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: config, allowPositionals: true })
    if (positionals.length > words)
      throw new StartRefused(
        `nexus ${name} does not know what to do with “${positionals[words]}”. nexus ${name} --help tells what it takes.`,
      )
    return { values: values as Values<O>, positionals }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const unknown = /Unknown option '--([^']+)'/.exec(error.message)?.[1]
    throw new StartRefused(
      unknown === undefined
        ? (error.message.split('. ')[0] ?? error.message)
        : `nexus ${name} has no option --${unknown}.${meant(unknown, Object.keys(options)).replace('Is ', 'Is --')}`,
    )
  }
}

function helpOf({ name, about, usage, options, notes, exits }: Definition<Options>): string {
  const rows = Object.entries(options).map(([key, { value, about: words, default: standard }]) => [
    `--${key}${value === undefined ? '' : ` ${value}`}`,
    `${words}${standard === undefined ? '' : ` Default: ${standard}.`}`,
  ])
  const width = Math.max(0, ...rows.map(([left = '']) => left.length))
  const codes = Object.entries({ 2: 'it could not begin', ...exits }).map(([code, when]) => `${code} when ${when}`)
  return [
    `nexus ${name} ${usage}`.trim(),
    '',
    about,
    '',
    ...rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`),
    ...(rows.length > 0 ? [''] : []),
    ...(notes === undefined ? [] : [notes, '']),
    `Exit code ${codes.join(', ')}.`,
  ].join('\n')
}
