/** How the form library's parts look: the frame of a field and the sections of a record. Module constants, or inputs would lose focus. */
import type { FieldTemplateProps, ObjectFieldTemplateProps, RJSFSchema } from '@rjsf/utils'
import { type ReactNode, useContext } from 'react'
import { useWords } from '../i18n/use-words.ts'
import type { FormSchema, FormUi } from '../api/model.ts'
import { helpOf } from './entity-field.tsx'
import { OpenTabContext, panelId, tabId } from './form-tabs.tsx'
import { type Section, sectionsOf, tabsOf } from './prepare.ts'
import classes from './form.module.css'

type Values = Record<string, unknown>

/** Widgets that name themselves: a second label beside a switch would be one too many. */
const SELF_LABELLED = new Set(['boolean'])
/** Widgets that need the whole width. */
const WIDE = new Set(['long_text', 'table', 'json', 'multi_reference'])
/** Widgets that are a group of inputs: their label names no single one. */
const GROUPS = new Set(['address', 'person_name', 'table'])

/** Label, input, help and errors of one field. */
export function FieldFrame(props: FieldTemplateProps<Values, RJSFSchema, Values>) {
  const { t } = useWords()
  const { id, label, required, rawErrors, children, hidden, readonly } = props
  if (hidden) return <div hidden>{children}</div>
  if (id === 'root' || props.schema.type === 'null') return children
  const widget = widgetOf(props.uiSchema as FormUi | undefined)
  const help = helpOf(props.schema as unknown as FormSchema, (props.uiSchema ?? {}) as FormUi)
  const errors = [...new Set(rawErrors ?? [])]
  const isShownOnly = (props.schema as unknown as FormSchema)['readOnly'] === true
  const name = (
    <>
      {label}
      {required && !readonly && (
        <span className={classes.star} aria-hidden>
          {' *'}
        </span>
      )}
    </>
  )
  return (
    <div className={classes.field} data-field={id}>
      {SELF_LABELLED.has(widget) && !isShownOnly ? (
        <span className={`${classes.label} ${classes.ghost}`} aria-hidden>
          &nbsp;
        </span>
      ) : GROUPS.has(widget) || isShownOnly ? (
        <span className={classes.label}>{name}</span>
      ) : (
        <label htmlFor={id} className={classes.label}>
          {name}
        </label>
      )}
      {children}
      {errors.length > 0 && (
        <p id={`${id}__error`} className={classes.error}>
          {errors.join(' ')}
        </p>
      )}
      {help !== null && (
        <p id={`${id}__help`} className={classes.help}>
          {help}
        </p>
      )}
      {required && GROUPS.has(widget) && <span className={classes.hidden}>{t('form.required')}</span>}
    </div>
  )
}

/** The record itself: its fields in the sections of the layout, on its tabs if it has some. Objects below it stand as they are. */
export function RecordFrame(props: ObjectFieldTemplateProps<Values, RJSFSchema, Values>) {
  const { properties, fieldPathId } = props
  const open = useContext(OpenTabContext)
  const ui = (props.uiSchema ?? {}) as FormUi
  if (fieldPathId.$id !== 'root') return <div className={classes.grid}>{properties.map(property => property.content)}</div>
  const contents = new Map(properties.map(property => [property.name, property.content]))
  const sections = sectionsOf(
    ui,
    properties.filter(property => !property.hidden).map(property => property.name),
  )
  const draw = (section: Section, id: string): ReactNode => (
    <SectionFrame key={id} section={section} id={id}>
      {section.fields.map(field => {
        const span = WIDE.has(widgetOf(ui[field.key] as FormUi | undefined)) ? section.columns : Math.min(field.width ?? 1, section.columns)
        return (
          <div
            key={field.key}
            className={classes.cell}
            data-lone={isNamed(section, props.schema as unknown as FormSchema) || undefined}
            style={{ '--span': span } as React.CSSProperties}
          >
            {contents.get(field.key)}
          </div>
        )
      })}
    </SectionFrame>
  )
  const tabs = tabsOf(ui, sections)
  if (tabs.length === 0) return sections.map((section, place) => draw(section, `section-${place}`))
  // All tabs stay there, or what was typed on one would be gone on the next.
  return tabs.map(tab => (
    <div key={tab.key} role="tabpanel" id={panelId(tab.key)} aria-labelledby={tabId(tab.key)} hidden={tab.key !== (open ?? tabs[0]?.key)}>
      {tab.sections.map((section, place) => draw(section, `section-${tab.key}-${place}`))}
    </div>
  ))
}

/** A field alone in a section of its own name needs no second label for the eye. */
function isNamed(section: Section, schema: FormSchema): boolean {
  const [only, ...more] = section.fields
  return only !== undefined && more.length === 0 && schema.properties?.[only.key]?.title === section.label
}

function SectionFrame({ section, id, children }: { readonly section: Section; readonly id: string; readonly children: React.ReactNode }) {
  return (
    <section className={classes.section} aria-labelledby={section.label === null ? undefined : id}>
      {section.label !== null && (
        <h2 id={id} className={classes.sectionTitle}>
          {section.label}
        </h2>
      )}
      {section.help !== null && <p className={classes.sectionHelp}>{section.help}</p>}
      <div className={classes.grid} style={{ '--columns': section.columns } as React.CSSProperties}>
        {children}
      </div>
    </section>
  )
}

function widgetOf(ui: FormUi | undefined): string {
  return String(ui?.['ui:options']?.['widget_name'] ?? ui?.['ui:widget'] ?? '')
}
