/** `npm run check`: everything that is quick to say about the code; under 30 s. */
import { runStep, STATIC_STEPS, UNIT_STEP } from './steps.ts'

const verdicts = await Promise.all(STATIC_STEPS.map(runStep))
verdicts.push(await runStep(UNIT_STEP))
process.exitCode = verdicts.every(Boolean) ? 0 : 1
