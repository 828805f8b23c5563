/**
 * The sign-in page, and the dialog that asks again when a session has ended. Views: they call back, they do not fetch.
 */
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useWords } from '../i18n/use-words.ts'
import { type Credentials, Problem, Unreachable } from '../api/client.ts'
import { Dialog } from './dialog.tsx'
import { LocaleChoice } from './locale-choice.tsx'
import classes from './sign-in.module.css'

/** What a sign-in form needs. */
export interface SignInProps {
  readonly tenant: string
  readonly email: string
  readonly pending: boolean
  readonly error: unknown
  readonly onSubmit: (credentials: Credentials) => void
}

/** The page a stranger sees. */
export function SignInPage(props: SignInProps) {
  const { t } = useWords()
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <img src="/favicon.svg" alt="" width={40} height={40} className={classes.mark} />
        <h1 className={classes.title}>{t('signin.title')}</h1>
        <SignInForm {...props} />
      </div>
      <LocaleChoice />
    </main>
  )
}

/** Asks a known person for the password again, over the page that stays as it is. */
export function SignInAgain(props: SignInProps & { readonly onLeave: () => void }) {
  const { t } = useWords()
  return (
    <Dialog title={t('signin.again')} width={400}>
      <p className={classes.again}>{t('signin.again_text')}</p>
      <SignInForm {...props} known />
      <Button variant="subtle" color="gray" fullWidth mt="xs" onClick={props.onLeave}>
        {t('signin.other')}
      </Button>
    </Dialog>
  )
}

function SignInForm({ tenant, email, pending, error, onSubmit, known = false }: SignInProps & { readonly known?: boolean }) {
  const { t } = useWords()
  const [values, setValues] = useState({ tenant, email, password: '' })
  const set = (patch: Partial<Credentials>): void => setValues({ ...values, ...patch })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit({ tenant: values.tenant.trim(), email: values.email.trim(), password: values.password })
  }
  const first = known ? 'password' : tenant === '' ? 'tenant' : email === '' ? 'email' : 'password'
  return (
    <form onSubmit={submit} className={classes.form}>
      {error != null && (
        <p role="alert" className={classes.error}>
          {wordsOf(error, t('signin.unreachable'))}
        </p>
      )}
      <TextInput
        label={t('signin.workspace')}
        name="tenant"
        autoComplete="organization"
        autoCapitalize="none"
        spellCheck={false}
        required
        withAsterisk={false}
        disabled={known}
        autoFocus={first === 'tenant'}
        value={values.tenant}
        onChange={event => set({ tenant: event.currentTarget.value })}
      />
      <TextInput
        label={t('signin.email')}
        name="email"
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        disabled={known}
        autoFocus={first === 'email'}
        value={values.email}
        onChange={event => set({ email: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('signin.password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        autoFocus={first === 'password'}
        data-autofocus={known || undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('signin.show_password') }}
        value={values.password}
        onChange={event => set({ password: event.currentTarget.value })}
      />
      <Button type="submit" fullWidth mt={4} loading={pending}>
        {t('signin.submit')}
      </Button>
    </form>
  )
}

function wordsOf(error: unknown, unreachable: string): string {
  if (error instanceof Unreachable) return unreachable
  if (error instanceof Problem) return [error.message, error.document.hint].filter(Boolean).join(' ')
  return String(error)
}
