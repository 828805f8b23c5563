/**
 * Every entity of the sales pack in a real browser, for every role, to read, to edit and to create: each field of the form's document stands on the page,
 * in the person's language, and neither the console nor the content security policy has anything to say.
 */
import { expect, test } from 'vitest'
import { follow, hasChromium, openBrowser, signInto } from '../harness/browser.ts'
import { type ApiUser, PASSWORD, startLiveWorld } from '../harness/live.ts'

interface Entity {
  readonly key: string
  readonly label: string
  readonly title_field: string
  readonly operations: readonly string[]
}

interface Form {
  readonly schema: { readonly properties: Readonly<Record<string, { readonly title: string; readonly readOnly?: boolean }>> }
  readonly ui_schema: {
    readonly 'ui:options': {
      readonly tabs?: readonly { readonly key: string }[]
      readonly sections: readonly { readonly tab?: string; readonly fields: readonly (string | { readonly field: string })[] }[]
    }
  }
  readonly rules: readonly { readonly field: string; readonly visible_when?: object }[]
}

type Mode = 'view' | 'edit' | 'create'

const OPERATIONS: Readonly<Record<Mode, string>> = { view: 'read', edit: 'update', create: 'create' }
/** Shown beside the record rather than among its fields. */
const ASIDE = ['owner_id', 'org_unit_id', 'created_at', 'created_by', 'updated_at', 'updated_by']

const engine = hasChromium ? await startLiveWorld() : null
const browser = hasChromium ? await openBrowser() : null

/** Who, in which language, and how many forms to read, to edit and to create he has a record or the right for; none may go missing unseen. */
test.runIf(hasChromium).each([
  ['admin', 'en', 21, 21, 21],
  ['rep', 'ru', 20, 8, 8],
  ['manager', 'uk', 20, 10, 9],
  ['clerk', 'es', 12, 8, 7],
  ['auditor', 'en', 20, 0, 0],
  ['analyst', 'ru', 19, 0, 0],
  ['client', 'uk', 11, 1, 0],
  ['supplier', 'es', 8, 1, 0],
  ['professional', 'en', 4, 1, 0],
] as const)(
  'every form that %s may open shows all of its fields, in %s, without a word on the console',
  { timeout: 120_000 },
  async (who, locale, view, edit, create) => {
    if (engine === null || browser === null) return
    const person = await engine.signIn(`${who}@${engine.tenant}.test`)
    const spoken = { 'accept-language': locale }
    const { entities } = await person.call<{ entities: Entity[] }>('GET', '/api/model', undefined, spoken)
    const { page, errors } = await browser.visit(engine.origin, { locale })
    await signInto(page, engine.tenant, `${who}@${engine.tenant}.test`, PASSWORD)

    const opened: Record<Mode, number> = { view: 0, edit: 0, create: 0 }
    for (const entity of entities) {
      const record = await anyRecord(person, entity)
      for (const mode of ['view', 'edit', 'create'] as const) {
        if (!entity.operations.includes(OPERATIONS[mode]) || (mode !== 'create' && record === null)) continue
        const form = await person.call<Form>('GET', `/api/model/${entity.key}/form?mode=${mode}`, undefined, spoken)
        const path = `/records/${entity.key}/${mode === 'create' ? 'new' : mode === 'edit' ? `${record?.id}/edit` : record?.id}`
        const heading = mode === 'create' ? entity.label : String(record?.[entity.title_field])
        // A form holds all of its tabs, a page to read the one of its address.
        for (const { address, wanted } of mode === 'view'
          ? byTab(form, wantedOf(form, mode))
          : [{ address: '', wanted: wantedOf(form, mode) }]) {
          await follow(page, path + address)
          await expectFields(page, `${entity.key} ${mode} ${address}`, heading, wanted, mode)
        }
        expect(errors, `${entity.key} ${mode}`).toEqual([])
        opened[mode] += 1
      }
    }
    expect(opened).toEqual({ view, edit, create })
  },
)

test.runIf(hasChromium)('what the content security policy stops is heard of', async () => {
  if (engine === null || browser === null) return
  const { page, errors } = await browser.visit(engine.origin)
  await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'document.title = "run"'
    document.head.append(script)
  })
  await expect.poll(() => errors.join('\n')).toContain('script-src')
  expect(await page.title()).not.toBe('run')
})

interface Wanted {
  readonly key: string
  readonly title: string
  readonly isSet: boolean
}

/** The fields that have to be there whatever the record holds. */
function wantedOf({ schema, rules }: Form, mode: Mode): Wanted[] {
  const conditional = new Set(rules.filter(rule => rule.visible_when !== undefined).map(rule => rule.field))
  return Object.entries(schema.properties)
    .filter(([key]) => !conditional.has(key) && !(mode === 'view' && ASIDE.includes(key)))
    .map(([key, property]) => ({ key, title: property.title, isSet: mode !== 'view' && property.readOnly !== true }))
}

/** The fields by the tab they stand on, a section without one on the first. */
function byTab(
  { ui_schema: { 'ui:options': options } }: Form,
  wanted: readonly Wanted[],
): { address: string; wanted: readonly Wanted[] }[] {
  const [first, ...others] = options.tabs ?? []
  if (first === undefined || others.length === 0) return [{ address: '', wanted }]
  const tabOf = (key: string): string =>
    options.sections.find(section => section.fields.some(place => (typeof place === 'string' ? place : place.field) === key))?.tab ??
    first.key
  return [first, ...others]
    .map(({ key }) => ({ address: `?tab=${key}`, wanted: wanted.filter(each => tabOf(each.key) === key) }))
    .filter(tab => tab.wanted.length > 0)
}

type Page = Awaited<ReturnType<NonNullable<typeof browser>['visit']>>['page']

/** Waits until every field stands on the page of that heading: with an input where it can be set, else with its name. */
async function expectFields(page: Page, where: string, heading: string, wanted: readonly Wanted[], mode: Mode): Promise<void> {
  const missing = (): Promise<string[]> =>
    page.evaluate(
      ({ fields, isForm, called }) => {
        const main = document.querySelector('main')
        if (!main || (main.querySelector('form') !== null) !== isForm || !main.querySelector('h1')?.textContent.includes(called))
          return ['the page']
        const text = main.textContent
        return fields
          .filter(field => !text.includes(field.title) || (field.isSet && main.querySelector(`[id^="root_${field.key}"]`) === null))
          .map(field => field.key)
      },
      { fields: wanted, isForm: mode !== 'view', called: heading },
    )
  expect(wanted.length, where).toBeGreaterThan(0)
  await expect.poll(missing, { message: where, timeout: 15_000, interval: 30 }).toEqual([])
}

async function anyRecord(person: ApiUser, entity: Entity): Promise<(Readonly<Record<string, unknown>> & { readonly id: string }) | null> {
  const [record] = await person.call<{ id: string }[]>('POST', `/api/records/${entity.key}/query`, {
    select: [entity.title_field],
    limit: 1,
  })
  return record ?? null
}
