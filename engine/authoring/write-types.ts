/**
 * Writes the types of one caller in TypeScript. Runs in a thread of its own (types-thread.ts): the compiler of schemas keeps a processor busy
 * for half a second and more. What comes out depends on the material alone.
 */
import { compile } from 'json-schema-to-typescript'
import { layOut } from './typescript-text.ts'
import type { TypedEntity, TypesMaterial } from './typed-entities.ts'
import { typedSchemas } from './typed-schemas.ts'

/** How the type of all entities is called: `createClient<Nexus>()`. */
const ALL = 'Nexus'
const BUNDLE = 'NexusBundle'
/** The bundle holds definitions and is nothing itself. */
const EMPTY = /^export interface NexusBundle \{\s*\}\n/m

const OWN = ['', '.create', '.patch', '.query', '.aggregate'] as const

/** The text of `/api/types.ts`. */
export async function writeTypes({ tenant, revision, entities, schemas }: TypesMaterial): Promise<string> {
  const roots = entities.flatMap(({ key }) => OWN.map(part => key + part).filter(name => Object.hasOwn(schemas, name)))
  const { definitions, nameOf } = typedSchemas(schemas, roots, [ALL, BUNDLE])
  const raw = await compile({ title: BUNDLE, type: 'object', additionalProperties: false, definitions }, BUNDLE, {
    bannerComment: '',
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    additionalProperties: false,
    unknownAny: true,
    // Its formatter takes three times as long as all the rest.
    format: false,
    customName: (_schema, definition) => definition,
  })
  const body = layOut(raw.replace(EMPTY, ''))
  const members = entities.flatMap(entity => memberOf(entity, name => (Object.hasOwn(schemas, name) ? nameOf(name) : 'never')))
  return [
    `// Types of the tenant ${tenant} for one caller, made by Nexus of revision ${revision} of its model. Not to be edited: ask for them anew.`,
    '',
    `/** Every entity that exists for the caller, for createClient<${ALL}>(). */`,
    `export interface ${ALL} {`,
    ...members,
    '}',
    '',
    body.trim(),
    '',
  ].join('\n')
}

function memberOf({ key, label, unusual, one, many, depth }: TypedEntity, typeOf: (schema: string) => string): string[] {
  return [
    `  /** ${label.replaceAll('*/', '*\u200b/').replaceAll(/\s+/g, ' ')} */`,
    `  ${key}: {`,
    `    record: ${typeOf(key)}`,
    `    unusual: ${unusual.length === 0 ? 'never' : unusual.map(name => `'${name}'`).join(' | ')}`,
    `    create: ${typeOf(`${key}.create`)}`,
    `    patch: ${typeOf(`${key}.patch`)}`,
    `    query: ${typeOf(`${key}.query`)}`,
    `    aggregate: ${typeOf(`${key}.aggregate`)}`,
    `    one: ${mapOf(one)}`,
    `    many: ${mapOf(many)}`,
    `    depth: ${depth}`,
    '  }',
  ]
}

function mapOf(targets: Readonly<Record<string, string>>): string {
  const members = Object.entries(targets).map(([name, target]) => `${name}: '${target}'`)
  return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`
}
