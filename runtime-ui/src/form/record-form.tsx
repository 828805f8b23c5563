/**
 * A record's form. Rules decide what shows, the interpreter validates on submit and, once a submit has failed, on leaving a
 * field; findings of the server join those of the browser. A view: what is sent and when is the caller's business.
 */
import Form from '@rjsf/core/lib/components/Form.js'
import type { RJSFSchema, UiSchema } from '@rjsf/utils'
import { useEffect, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { useWords } from '../i18n/use-words.ts'
import type { EvaluateEnv } from '../../../metadata/predicate.ts'
import { partsOf } from '../../../metadata/problem.ts'
import type { FormAnswer, Model, ModelEntity } from '../api/model.ts'
import { formatDate } from '../display/time.ts'
import { formatNumber, isDecimal } from '../display/number.ts'
import { useDisplayScope } from '../display/value.tsx'
import { inputs } from '../inputs/index.ts'
import { afterPointer } from './after-pointer.ts'
import { EntityField } from './entity-field.tsx'
import { ErrorSummary } from './error-summary.tsx'
import { createFormValues, FormRecordContext, FormValuesContext } from './form-values.ts'
import classes from './form.module.css'
import { FormTabs, OpenTabContext } from './form-tabs.tsx'
import { ENTITY_FIELD, type FormTab, prepareForm, sectionsOf, shownValues, tabsOf } from './prepare.ts'
import { type Finding, messageTree, summaryOf, withoutField } from './problems.ts'
import { applyRules, parseRules } from './rules.ts'
import { statesOf } from './states.ts'
import { FieldFrame, RecordFrame } from './templates.tsx'
import { createValidator, findProblems, type Say } from './validator.ts'

type Values = Record<string, unknown>

/** What a form needs. `id` lets a button outside of it submit it. */
export interface RecordFormProps {
  readonly id: string
  readonly model: Model
  readonly entity: ModelEntity
  readonly form: FormAnswer
  readonly values: Readonly<Values>
  /** The record that is edited, if it is there already: for what the form shows and does not edit. */
  readonly record: Readonly<Values> | null
  readonly serverFindings: readonly Finding[]
  readonly env: EvaluateEnv
  readonly disabled?: boolean
  /** The tab that is open first, where the form has tabs. */
  readonly tab: string | undefined
  readonly onTab: (tab: string) => void
  readonly onChange: (values: Readonly<Values>, changed: string | null) => void
  readonly onSubmit: (values: Readonly<Values>, hidden: readonly string[]) => void
}

const FIELDS = { [ENTITY_FIELD]: EntityField }
const TEMPLATES = { FieldTemplate: FieldFrame, ObjectFieldTemplate: RecordFrame }
const KNOWN = new Set(Object.keys(inputs))
const NONE: readonly Finding[] = []
/** A form holds what a person entered: left to itself the library would choose the first option of every choice. */
const ADDS_NOTHING = {
  constAsDefaults: 'never',
  emptyObjectFields: 'skipDefaults',
  requiredBooleanDefault: 'skip',
  arrayMinItems: { populate: 'never' },
} as const

/** The form. */
export function RecordForm(props: RecordFormProps) {
  const { model, entity, form, values, env, serverFindings } = props
  const say = useSay()
  const rules = useMemo(() => parseRules(model, entity, form.rules), [model, entity, form.rules])
  const { record } = props
  const shown = useMemo(() => (record ? shownValues(form.schema, record) : {}), [form.schema, record])
  const outcome = useStable(applyRules(rules, { ...shown, ...values }, env))
  const states = useStable(statesOf(model, entity, { ...shown, ...values }, env))
  const behind = useMemo(() => ({ entity, record: record ?? {} }), [entity, record])
  const prepared = useMemo(() => prepareForm(form, outcome, KNOWN, states), [form, outcome, states])
  const validator = useMemo(() => createValidator(say), [say])
  const [store] = useState(() => createFormValues(values))
  useEffect(() => store.set(values), [store, values])

  const tabs = useMemo(
    () => tabsOf(prepared.uiSchema, sectionsOf(prepared.uiSchema, Object.keys(prepared.schema.properties ?? {}))),
    [prepared],
  )
  const [chosen, setChosen] = useState(props.tab)
  const open = (tabs.find(tab => tab.key === chosen) ?? tabs[0])?.key ?? null
  const openTab = (key: string): void => {
    flushSync(() => setChosen(key))
    props.onTab(key)
  }

  const [own, setOwn] = useState(NONE)
  const [tried, setTried] = useState(false)
  const findings = useMemo(() => [...own, ...serverFindings], [own, serverFindings])
  const tree = useMemo(() => messageTree(findings, prepared.schema), [findings, prepared.schema])
  // The list above stands still while a person types below it; it follows when he leaves the field.
  const [listed, setListed] = useState(serverFindings)
  const [focusCount, setFocusCount] = useState(0)
  const [answered, setAnswered] = useState(serverFindings)
  if (answered !== serverFindings) {
    setAnswered(serverFindings)
    if (serverFindings.some(finding => !answered.includes(finding))) {
      setListed(serverFindings)
      setFocusCount(focusCount + 1)
    }
  }
  const checkAgain = (): void => {
    const found = findProblems(prepared.schema, store.get(), say)
    setOwn(found)
    setListed([...found, ...serverFindings])
  }

  return (
    <FormRecordContext value={behind}>
      <FormValuesContext value={store}>
        {open !== null && <FormTabs tabs={tabs} open={open} findings={countByTab(tabs, findings)} onOpen={openTab} />}
        <ErrorSummary
          lines={summaryOf(listed, prepared.schema, 'root')}
          focusCount={focusCount}
          onShow={id => {
            const key = topKey(id, prepared.schema.properties)
            const tab = key === null ? undefined : tabWith(tabs, key)
            if (tab && tab.key !== open) openTab(tab.key)
          }}
        />
        <OpenTabContext value={open}>
          <Form<Values, RJSFSchema, Values>
            id={props.id}
            className={classes.form ?? ''}
            schema={prepared.schema as unknown as RJSFSchema}
            uiSchema={prepared.uiSchema as UiSchema<Values, RJSFSchema, Values>}
            formData={values}
            fields={FIELDS}
            templates={TEMPLATES}
            validator={validator}
            extraErrors={tree}
            experimental_defaultFormStateBehavior={ADDS_NOTHING}
            noValidate
            noHtml5Validate
            showErrorList={false}
            disabled={props.disabled === true}
            onChange={(event, id) => {
              const next = event.formData ?? {}
              const key = id === undefined ? null : topKey(id, prepared.schema.properties)
              if (key !== null) setOwn(current => withoutField(current, key))
              props.onChange(next, key)
            }}
            onBlur={() => {
              if (tried) afterPointer(checkAgain)
            }}
            onSubmit={event => {
              const found = findProblems(prepared.schema, event.formData ?? {}, say)
              setOwn(found)
              setListed(found)
              setTried(true)
              if (found.length === 0) props.onSubmit(event.formData ?? {}, outcome.hidden)
              else setFocusCount(count => count + 1)
            }}
          >
            <button type="submit" hidden aria-hidden tabIndex={-1} />
          </Form>
        </OpenTabContext>
      </FormValuesContext>
    </FormRecordContext>
  )
}

/** The key of the record's field that an id of the form belongs to. */
function topKey(id: string, properties: object | undefined): string | null {
  const path = id.replace(/^root_/, '')
  return Object.keys(properties ?? {}).find(key => path === key || path.startsWith(`${key}_`)) ?? null
}

function tabWith(tabs: readonly FormTab[], key: string): FormTab | undefined {
  return tabs.find(tab => tab.sections.some(section => section.fields.some(field => field.key === key)))
}

/** How many findings are on each tab. */
function countByTab(tabs: readonly FormTab[], findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { pointer } of findings) {
    const tab = tabWith(tabs, partsOf(pointer)[0] ?? '')
    if (tab) counts.set(tab.key, (counts.get(tab.key) ?? 0) + 1)
  }
  return counts
}

/** Keeps an object the same as long as it says the same: the form would be built anew otherwise. */
function useStable<T>(value: T): T {
  const text = JSON.stringify(value)
  return useMemo(() => JSON.parse(text) as T, [text])
}

function useSay(): Say {
  const { t } = useWords()
  const { locale } = useDisplayScope()
  return useMemo(
    () => (key, params) => {
      const limit = params?.limit
      const shown = limit === undefined ? undefined : isDecimal(limit) ? formatNumber(limit, locale) : formatDate(limit, locale)
      return t(key, { limit: shown ?? '', ...(params?.count === undefined ? {} : { count: params.count }) })
    },
    [t, locale],
  )
}
