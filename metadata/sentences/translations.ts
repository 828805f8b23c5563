/** The form of a list of sentences: English is the name of an entry, so that nobody can write one without saying it in every language. */

/** A sentence in Russian, Ukrainian and Spanish; `{name}` stands for a value. */
export type Translations = readonly [ru: string, uk: string, es: string]
