/** Answers for: every golden case of the language comes out as it is written down; run with -u to write new outcomes, then read them. */
import { describe, expect, test } from 'vitest'
import { checkLayers } from '../../../metadata/check-layers.ts'
import { layersOf } from '../../../metadata/part.ts'
import type { Problem } from '../../../metadata/problem.ts'
import { toldIn } from '../../../metadata/translate.ts'
import { languageTools } from '../../kernel/schema.ts'
import { goldenText, readCases } from './read-cases.ts'

describe('documents that hold together', () => {
  for (const { name, layers, expected } of readCases('passing', 'effective.json'))
    test(name.replaceAll('-', ' '), async () => {
      const { documents, problems, notes } = checkLayers(layers, languageTools)
      expectEveryLanguage(notes)
      expect(problems).toEqual([])
      const effective = documents.map(({ document, part }) => ({ document, layers: layersOf(part) }))
      await expect(goldenText({ effective, notes })).toMatchFileSnapshot(expected)
    })
})

describe('documents with one mistake', () => {
  for (const { name, layers, expected } of readCases('failing', 'problems.json'))
    test(name.replaceAll('-', ' '), async () => {
      const { problems } = checkLayers(layers, languageTools)
      expect(problems).toHaveLength(1)
      await expect(goldenText(problems)).toMatchFileSnapshot(expected)
      expectEveryLanguage(problems)
    })
})

/** A problem whose other languages were lost on the way, by a plain copy or a text of its own, is told in English and fails here. */
function expectEveryLanguage(problems: readonly Problem[]): void {
  for (const [index, { message, hint, ...where }] of problems.entries()) {
    const told = (['ru', 'uk', 'es'] as const).map(locale => toldIn(problems, locale)[index])
    expect(told.map(each => each?.message)).not.toContain(message)
    for (const [at, each] of told.entries()) {
      expect(each).toMatchObject(where)
      expect(each?.hint === undefined).toBe(hint === undefined)
      if (at < 2)
        expect(`${each?.message} ${hint === undefined ? 'Я' : each?.hint}`).toMatch(/^.*\p{Script=Cyrillic}.* .*\p{Script=Cyrillic}/u)
      if (hint !== undefined) expect(each?.hint).not.toBe(hint)
    }
  }
}
