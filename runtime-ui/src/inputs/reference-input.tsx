/** Inputs for references: search by title while typing, one record or many, many with columns on each link. */
import { ActionIcon, Loader, MultiSelect, Select } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { type Words, useWords } from '../i18n/use-words.ts'
import '../floating-css.ts'
import { useRecordLabels } from '../lookup/labels.ts'
import { type RecordSearch, useRecordSearch } from '../lookup/use-record-search.ts'
import { scalarInputs } from './scalar-inputs.ts'
import { type InputProps, listValue, objectValue, shared, textValue } from './input.ts'
import classes from './reference-input.module.css'
import { LineInput } from './text-input.tsx'

/** The list under a narrow cell is wider than the cell. */
const WIDER = { width: 300, position: 'bottom-start' } as const

/** One record. */
export function ReferenceInput(props: InputProps) {
  const { t } = useWords()
  const id = textValue(props.value)
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [chosen] = useRecordLabels(props.settings.target, id === '' ? [] : [id])
  const label = chosen?.label ?? (chosen ? t('input.no_access') : '…')
  // The box shows the chosen name; that text is not a search.
  const search = useRecordSearch(props.settings.target, typed === label ? '' : typed, open)
  const found = search.found.some(record => record.id === id) || id === '' ? search.found : [{ id, label }, ...search.found]
  const options = open ? found : found.filter(record => record.id === id)
  return (
    <Select
      {...shared(props)}
      data={options.map(record => ({ value: record.id, label: record.label || t('record.untitled') }))}
      value={id === '' ? null : id}
      onChange={next => props.onChange(next ?? undefined)}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options: all }) => all}
      comboboxProps={props.bare ? WIDER : {}}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      placeholder={t('input.search')}
      clearable={!props.required && !props.readOnly}
      clearButtonProps={{ 'aria-label': t('input.clear', { label: props.settings.label }) }}
      allowDeselect={false}
      checkIconPosition="right"
      nothingFoundMessage={messageOf(search, t)}
      {...(open && search.searching ? { rightSection: <Loader size={14} /> } : {})}
    />
  )
}

/** Many records; with columns on the link, a line for each. */
export function MultiReferenceInput(props: InputProps) {
  const { t } = useWords()
  const columns = props.settings.columns ?? []
  const links = listValue(props.value).map(link => (typeof link === 'string' ? { id: link } : objectValue(link)))
  const ids = links.map(link => textValue(link['id']))
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const labels = useRecordLabels(props.settings.target, ids)
  const search = useRecordSearch(props.settings.target, typed, open)
  const labelOf = (id: string): string => {
    const known = labels[ids.indexOf(id)]
    return known?.label ?? (known ? t('input.no_access') : '…')
  }
  const chosen = ids.map(id => ({ value: id, label: labelOf(id) }))
  const others = search.found
    .filter(record => !ids.includes(record.id))
    .map(record => ({ value: record.id, label: record.label || t('record.untitled') }))
  const give = (next: readonly Readonly<Record<string, unknown>>[]): void =>
    props.onChange(next.length === 0 ? undefined : columns.length === 0 ? next.map(link => link['id']) : next)
  return (
    <div>
      <MultiSelect
        {...shared(props)}
        data={[...chosen, ...others]}
        value={ids}
        onChange={next => give(next.map(id => links.find(link => link['id'] === id) ?? { id }))}
        searchable
        searchValue={typed}
        onSearchChange={setTyped}
        filter={({ options: all }) => all}
        hidePickedOptions
        onDropdownOpen={() => setOpen(true)}
        onDropdownClose={() => setOpen(false)}
        placeholder={ids.length === 0 ? t('input.search') : ''}
        nothingFoundMessage={messageOf(search, t)}
      />
      {columns.length > 0 && links.length > 0 && (
        <ul className={classes.links}>
          {links.map((link, place) => {
            const id = textValue(link['id'])
            const set = (patch: Readonly<Record<string, unknown>>): void =>
              give(links.map(other => (other === link ? { ...link, ...patch } : other)))
            return (
              <li key={id} className={classes.link}>
                <span className={classes.name}>{labelOf(id)}</span>
                {columns.map(column => {
                  const Input = scalarInputs[column.widget] ?? LineInput
                  const label = t('input.link_column', { column: column.settings.label, record: labelOf(id) })
                  return (
                    <div key={column.key} className={classes.cell}>
                      <Input
                        id={`${props.id}_${place}_${column.key}`}
                        bare
                        value={link[column.key] ?? undefined}
                        onChange={value => set({ [column.key]: value ?? null })}
                        settings={{ ...column.settings, label }}
                        readOnly={props.readOnly}
                        invalid={props.problems?.[`/${place}/${column.key}`] !== undefined}
                      />
                    </div>
                  )
                })}
                {!props.readOnly && (
                  <ActionIcon
                    aria-label={t('input.remove', { what: labelOf(id) })}
                    onClick={() => give(links.filter(other => other !== link))}
                  >
                    <IconX size={16} stroke={1.7} />
                  </ActionIcon>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}

function messageOf(search: RecordSearch, t: Words): string {
  if (search.failed) return t('input.search_failed')
  return search.searching ? t('input.searching') : t('input.nothing_found')
}
