/** The two letters identity sends, in the language of the person. They carry a link that lets its holder choose a password. Pure. */
import type { Locale } from '../kernel/context.ts'
import type { Mail } from './types.ts'

/** What a letter needs to know. */
export interface Letter {
  readonly to: string
  readonly name: string
  readonly tenant: string
  readonly link: string
}

interface Texts {
  readonly subject: (letter: Letter) => string
  readonly body: (letter: Letter) => string
}

const INVITATION: Readonly<Record<Locale, Texts>> = {
  en: {
    subject: l => `Your access to ${l.tenant}`,
    body: l =>
      `Hello ${l.name},\n\nyou have been given access to ${l.tenant}. Choose your password here; the link works once, for seven days:\n\n${l.link}\n`,
  },
  ru: {
    subject: l => `Ваш доступ к ${l.tenant}`,
    body: l =>
      `Здравствуйте, ${l.name}!\n\nВам открыт доступ к ${l.tenant}. Выберите пароль по ссылке; она действует один раз, семь дней:\n\n${l.link}\n`,
  },
  uk: {
    subject: l => `Ваш доступ до ${l.tenant}`,
    body: l =>
      `Вітаємо, ${l.name}!\n\nВам відкрито доступ до ${l.tenant}. Виберіть пароль за посиланням; воно діє один раз, сім днів:\n\n${l.link}\n`,
  },
  es: {
    subject: l => `Su acceso a ${l.tenant}`,
    body: l =>
      `Hola, ${l.name}:\n\nSe le ha dado acceso a ${l.tenant}. Elija su contraseña aquí; el enlace sirve una vez, durante siete días:\n\n${l.link}\n`,
  },
}

const RESET: Readonly<Record<Locale, Texts>> = {
  en: {
    subject: l => `New password for ${l.tenant}`,
    body: l =>
      `Hello ${l.name},\n\nchoose a new password for ${l.tenant} here; the link works once, for one hour:\n\n${l.link}\n\nIf you did not ask for it, do nothing: your password stays as it is.\n`,
  },
  ru: {
    subject: l => `Новый пароль для ${l.tenant}`,
    body: l =>
      `Здравствуйте, ${l.name}!\n\nВыберите новый пароль для ${l.tenant} по ссылке; она действует один раз, один час:\n\n${l.link}\n\nЕсли вы этого не просили, ничего не делайте: пароль останется прежним.\n`,
  },
  uk: {
    subject: l => `Новий пароль для ${l.tenant}`,
    body: l =>
      `Вітаємо, ${l.name}!\n\nВиберіть новий пароль для ${l.tenant} за посиланням; воно діє один раз, одну годину:\n\n${l.link}\n\nЯкщо ви цього не просили, нічого не робіть: пароль лишиться без змін.\n`,
  },
  es: {
    subject: l => `Nueva contraseña para ${l.tenant}`,
    body: l =>
      `Hola, ${l.name}:\n\nElija una contraseña nueva para ${l.tenant} aquí; el enlace sirve una vez, durante una hora:\n\n${l.link}\n\nSi no la ha pedido, no haga nada: su contraseña sigue igual.\n`,
  },
}

/** Writes the letter of a purpose. */
export function writeLetter(purpose: 'invitation' | 'password_reset', locale: Locale, letter: Letter): Mail {
  const texts = (purpose === 'invitation' ? INVITATION : RESET)[locale]
  return { to: letter.to, subject: texts.subject(letter), text: texts.body(letter) }
}
