/** The pages of docs that are made from the code, and how; the index comes last, it reads all others. */
import { BAD_INPUT_REFERENCE, renderBadInput } from './docs-bad-input.ts'
import { COMMANDS_REFERENCE, renderCommands } from './docs-commands.ts'
import { ENTITIES_REFERENCE, renderEntities } from './docs-entities.ts'
import { MISTAKES_REFERENCE, renderMistakes } from './docs-mistakes.ts'
import { renderRoutes, ROUTES_REFERENCE } from './docs-routes.ts'
import { renderSettings, SETTINGS_REFERENCE } from './docs-settings.ts'
import { PROBLEM_REFERENCE, renderProblemReference } from './problem-reference.ts'

/** Path of a generated page → its text. */
export const GENERATED_PAGES: ReadonlyMap<string, () => string | Promise<string>> = new Map<string, () => string | Promise<string>>([
  [PROBLEM_REFERENCE, renderProblemReference],
  [BAD_INPUT_REFERENCE, renderBadInput],
  [MISTAKES_REFERENCE, renderMistakes],
  [ENTITIES_REFERENCE, renderEntities],
  [ROUTES_REFERENCE, renderRoutes],
  [SETTINGS_REFERENCE, renderSettings],
  [COMMANDS_REFERENCE, renderCommands],
])
