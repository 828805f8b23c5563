/**
 * The palette: pages, new records, actions and records by name, from one box. A listbox under a combobox, driven by the
 * keyboard. Records come from the search over entities once the person pauses.
 */
import { useDebouncedValue } from '@mantine/hooks'
import { IconFile, IconKeyboard, IconPlus, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react'
import { useWords } from '../i18n/use-words.ts'
import { foldText } from '../../../metadata/fold.ts'
import { useClient, useModel } from '../api/context.ts'
import { entityOf } from '../api/model.ts'
import { titleText } from '../display/field-text.ts'
import { NamedIcon } from '../display/icons.tsx'
import { navigationGroups } from './navigation.tsx'
import classes from './palette.module.css'
import { useModal } from './use-modal.ts'

/** Where a line of the palette leads. */
export type Target =
  | { readonly to: '/records/$entity'; readonly params: { readonly entity: string }; readonly search: { readonly view?: string } }
  | { readonly to: '/records/$entity/new'; readonly params: { readonly entity: string } }
  | { readonly to: '/records/$entity/$id'; readonly params: { readonly entity: string; readonly id: string } }

/** Something the palette can do besides going somewhere. */
export interface PaletteAction {
  readonly id: string
  readonly label: string
  readonly run: () => void
}

interface Line {
  readonly id: string
  readonly group: string
  readonly label: string
  readonly note?: string
  readonly icon: ReactNode
  readonly run: () => void
}

interface PaletteProps {
  readonly actions: readonly PaletteAction[]
  readonly onGo: (target: Target) => void
  readonly onClose: () => void
}

const PAUSE_MS = 180
/** Shorter words match half of the records. */
const LEAST = 2

/** The palette. */
export function Palette({ actions, onGo, onClose }: PaletteProps) {
  const { t } = useWords()
  const id = useId()
  const dialog = useModal()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const fixed = useFixedLines(actions, onGo)
  const found = useFoundLines(text, onGo)
  const wanted = foldText(text.trim())
  const lines = [...fixed.filter(line => wanted === '' || foldText(line.label).includes(wanted)), ...found.lines]
  const current = Math.min(at, lines.length - 1)

  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      const next = (current + step + lines.length) % Math.max(1, lines.length)
      setAt(next)
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      lines[current]?.run()
    }
  }

  return (
    <dialog
      ref={dialog}
      aria-label={t('keys.palette')}
      className={classes.dialog}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={event => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className={classes.box}>
        <IconSearch size={18} stroke={1.7} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={lines.length > 0 ? `${id}-${current}` : undefined}
          aria-label={t('palette.placeholder')}
          placeholder={t('palette.placeholder')}
          className={classes.input}
          value={text}
          onChange={event => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={press}
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={t('palette.pages')} className={classes.list}>
        {lines.map((line, place) => (
          <div key={line.id} role="presentation">
            {line.group !== lines[place - 1]?.group && (
              <div role="presentation" className={classes.group}>
                {line.group}
              </div>
            )}
            <div
              id={`${id}-${place}`}
              role="option"
              aria-selected={place === current}
              className={classes.line}
              onPointerMove={() => setAt(place)}
              onClick={line.run}
              onKeyDown={press}
              tabIndex={-1}
            >
              <span className={classes.icon}>{line.icon}</span>
              <span className={classes.label}>{line.label}</span>
              {line.note && <span className={classes.note}>{line.note}</span>}
            </div>
          </div>
        ))}
        {lines.length === 0 && !found.searching && <div className={classes.empty}>{t('palette.nothing')}</div>}
      </div>
    </dialog>
  )
}

function useFixedLines(actions: readonly PaletteAction[], onGo: PaletteProps['onGo']): Line[] {
  const model = useModel()
  const { t } = useWords()
  return useMemo(() => {
    const pages = navigationGroups(model).flatMap(group =>
      group.items.map(item => ({
        id: `page:${item.entity}:${item.view ?? ''}`,
        group: t('palette.pages'),
        label: item.label,
        icon: <NamedIcon name={item.icon ?? entityOf(model, item.entity)?.icon} />,
        run: () => onGo({ to: '/records/$entity', params: { entity: item.entity ?? '' }, search: item.view ? { view: item.view } : {} }),
      })),
    )
    const linked = new Set(navigationGroups(model).flatMap(group => group.items.map(item => item.entity)))
    const creations = model.entities
      .filter(entity => linked.has(entity.key) && entity.operations.includes('create'))
      .map(entity => ({
        id: `new:${entity.key}`,
        group: t('palette.actions'),
        label: t('palette.new', { entity: entity.label }),
        icon: <IconPlus size={18} stroke={1.7} />,
        run: () => onGo({ to: '/records/$entity/new', params: { entity: entity.key } }),
      }))
    const others = actions.map(action => ({
      id: `do:${action.id}`,
      group: t('palette.actions'),
      label: action.label,
      icon: <IconKeyboard size={18} stroke={1.7} />,
      run: action.run,
    }))
    return [...pages, ...creations, ...others]
  }, [model, t, actions, onGo])
}

function useFoundLines(text: string, onGo: PaletteProps['onGo']): { lines: Line[]; searching: boolean } {
  const client = useClient()
  const model = useModel()
  const { t } = useWords()
  const [settled] = useDebouncedValue(text.trim(), PAUSE_MS)
  const search = useQuery({
    queryKey: ['search', settled],
    queryFn: ({ signal }) => client.search(settled, { signal }),
    enabled: settled.length >= LEAST,
    staleTime: 30_000,
    placeholderData: previous => previous,
  })
  if (text.trim().length < LEAST) return { lines: [], searching: false }
  // The search looks into every field; a record that is called so is meant more often than one that mentions it.
  const wanted = foldText(settled)
  const isCalledSo = (hit: { readonly title: string | null }): number => Number(foldText(titleText(hit.title)).includes(wanted))
  const hits = (search.data ?? []).toSorted((one, other) => isCalledSo(other) - isCalledSo(one))
  const lines = hits.flatMap((hit): Line[] => {
    const entity = entityOf(model, hit.entity)
    if (!entity) return []
    return [
      {
        id: `record:${hit.entity}:${hit.id}`,
        group: t('palette.records'),
        label: titleText(hit.title) || t('record.untitled'),
        note: entity.label,
        icon: entity.icon ? <NamedIcon name={entity.icon} /> : <IconFile size={18} stroke={1.7} />,
        run: () => onGo({ to: '/records/$entity/$id', params: { entity: hit.entity, id: hit.id } }),
      },
    ]
  })
  return { lines, searching: search.isFetching }
}
