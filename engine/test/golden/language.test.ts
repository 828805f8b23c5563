/** Answers for: every golden case of the language comes out as it is written down; run with -u to write new outcomes, then read them. */
import { describe, expect, test } from 'vitest'
import { checkLayers } from '../../../metadata/check-layers.ts'
import { layersOf } from '../../../metadata/part.ts'
import { languageTools } from '../../kernel/schema.ts'
import { goldenText, readCases } from './read-cases.ts'

describe('documents that hold together', () => {
  for (const { name, layers, expected } of readCases('passing', 'effective.json'))
    test(name.replaceAll('-', ' '), async () => {
      const { documents, problems, notes } = checkLayers(layers, languageTools)
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
    })
})
