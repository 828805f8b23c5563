/** What commands share that write something down as one user would be given it: how he is named, in which language, and where it goes. */
import { LOCALES, type Locale } from '../kernel/context.ts'
import type { RecordContext } from '../records/index.ts'
import type { Tell } from './command.ts'
import { readLocale, recordContextOf, requestOf, requireOption, spokenIn, withEngine } from './command-engine.ts'
import { writeWhole } from './whole-file.ts'
import type { Wired } from './wiring.ts'

/** Options of such a command, beside its own; `tenant` says what the tenant is named for. */
export const writtenOptions = (tenant: string, as: string) =>
  ({
    tenant: { type: 'string', value: '<key>', about: tenant },
    as: { type: 'string', value: '<e-mail>', about: as },
    locale: {
      type: 'string',
      value: '<locale>',
      about: `Labels in one of ${LOCALES.join(', ')}; the user’s own language unless said otherwise.`,
    },
    out: { type: 'string', value: '<file>', about: 'Where to write; standard output unless said otherwise.' },
  }) as const

interface Typed {
  readonly tenant?: string | undefined
  readonly as?: string | undefined
  readonly locale?: string | undefined
  readonly out?: string | undefined
}

/** Writes what `text` makes of the user's context, to the file or to standard output. Answers the exit code. */
export async function writeForUser(
  typed: Typed,
  command: string,
  tell: Tell,
  text: (wired: Wired, ctx: RecordContext) => string | Promise<string>,
): Promise<number> {
  const [tenant, email] = [requireOption(typed.tenant, 'tenant'), requireOption(typed.as, 'as')]
  const { out } = typed
  const locale: Locale | undefined = readLocale(typed.locale)
  return withEngine(tell, async wired => {
    const ctx = await recordContextOf(wired, await requestOf(wired, tenant, email, `cli ${command}`))
    const told = await text(wired, spokenIn(ctx, locale))
    if (out === undefined) process.stdout.write(told)
    else {
      await writeWhole(out, [told])
      tell(`Written to ${out}`)
    }
    return 0
  })
}
