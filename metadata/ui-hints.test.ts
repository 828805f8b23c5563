import { expect, test } from 'vitest'
import { metadataSchema } from './generated/schemas.ts'
import { uiHints } from './generated/ui-hints.ts'

function membersOf(definition: string): Set<string> {
  const schema = metadataSchema.definitions[definition] ?? {}
  const branches = Array.isArray(schema['oneOf']) ? schema['oneOf'].map(branch => String(branch.$ref).replace('#/definitions/', '')) : []
  return new Set([...Object.keys(schema['properties'] ?? {}), ...branches.flatMap(branch => [...membersOf(branch)])])
}

test('hints speak only of definitions and members that exist', () => {
  for (const [definition, hints] of Object.entries(uiHints)) {
    expect(metadataSchema.definitions, definition).toHaveProperty(definition)
    const members = membersOf(definition)
    const named = Object.keys(hints).filter(name => !name.startsWith('ui:'))
    const ordered = Array.isArray(hints['ui:order']) ? hints['ui:order'].filter(name => name !== '*') : []
    for (const name of [...named, ...ordered]) expect(members, `${definition}.${name}`).toContain(name)
  }
})
