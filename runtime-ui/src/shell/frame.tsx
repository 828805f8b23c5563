/**
 * The frame around every page: navigation at the side (a drawer on phones), a place for the page, the person's own panel.
 * A view: what it shows and calls comes from root.tsx.
 */
import { ActionIcon } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconMenu2, IconSearch, IconWifiOff, IconX } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { Locale } from '../i18n/index.ts'
import { useWords } from '../i18n/use-words.ts'
import type { Model } from '../api/model.ts'
import type { Me } from '../api/client.ts'
import { AccountPanel } from './account.tsx'
import classes from './frame.module.css'
import { WIDE } from './wide.ts'
import { Navigation } from './navigation.tsx'
import { useModal } from './use-modal.ts'

interface FrameProps {
  readonly model: Model
  readonly me: Me
  readonly entity: string | undefined
  readonly view: string | undefined
  readonly offline: boolean
  readonly onLocale: (locale: Locale) => void
  readonly onSignOut: () => void
  readonly onPalette: () => void
  readonly onShortcuts: () => void
  readonly children: ReactNode
}

/** The frame. */
export function Frame(props: FrameProps) {
  const { t } = useWords()
  const wide = useMediaQuery(WIDE, matchMedia(WIDE).matches, { getInitialValueInEffect: false })
  const [drawer, setDrawer] = useState(false)
  const side = (close?: () => void): ReactNode => (
    <>
      <div className={classes.head}>
        <img src="/favicon.svg" alt="" width={24} height={24} />
        <span className={classes.tenant}>{props.model.tenant.name}</span>
        {close && (
          <ActionIcon aria-label={t('app.close')} onClick={close}>
            <IconX size={20} stroke={1.7} />
          </ActionIcon>
        )}
      </div>
      <button
        type="button"
        className={classes.search}
        onClick={() => {
          close?.()
          props.onPalette()
        }}
      >
        <IconSearch size={16} stroke={1.7} aria-hidden />
        <span className={classes.searchText}>{t('shell.search')}</span>
        {wide && <kbd className={classes.key}>{isMac() ? '⌘ K' : 'Ctrl K'}</kbd>}
      </button>
      <div className={classes.scroll}>
        <Navigation model={props.model} entity={props.entity} view={props.view} {...(close ? { onFollow: close } : {})} />
      </div>
      <AccountPanel me={props.me} onLocale={props.onLocale} onSignOut={props.onSignOut} onShortcuts={props.onShortcuts} />
    </>
  )
  return (
    <div className={classes.frame}>
      <a href="#content" className={classes.skip}>
        {t('app.skip')}
      </a>
      {wide ? (
        <aside className={classes.side} aria-label={props.model.tenant.name}>
          {side()}
        </aside>
      ) : (
        <header className={classes.bar}>
          <ActionIcon aria-label={t('shell.open_navigation')} aria-expanded={drawer} onClick={() => setDrawer(true)}>
            <IconMenu2 size={22} stroke={1.7} />
          </ActionIcon>
          <span className={classes.tenant}>{props.model.tenant.name}</span>
          <ActionIcon aria-label={t('shell.search')} onClick={props.onPalette}>
            <IconSearch size={20} stroke={1.7} />
          </ActionIcon>
        </header>
      )}
      {!wide && drawer && (
        <Drawer label={t('shell.navigation')} onClose={() => setDrawer(false)}>
          {side(() => setDrawer(false))}
        </Drawer>
      )}
      <main id="content" tabIndex={-1} className={classes.main}>
        {props.offline && (
          <div role="status" className={classes.offline}>
            <IconWifiOff size={16} stroke={1.8} aria-hidden />
            {t('shell.offline')}
          </div>
        )}
        {props.children}
      </main>
    </div>
  )
}

function Drawer({ label, onClose, children }: { readonly label: string; readonly onClose: () => void; readonly children: ReactNode }) {
  const element = useModal()
  return (
    <dialog
      ref={element}
      aria-label={label}
      className={classes.drawer}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={event => {
        if (event.target === element.current) onClose()
      }}
    >
      <div className={classes.drawerBody}>{children}</div>
    </dialog>
  )
}

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent)
}
