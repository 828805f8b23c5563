import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { build } from 'vite'
import { findChromium } from '../engine/test/needs.ts'
import { PREDICATE_CASES } from './cases/predicate-cases.ts'

const executablePath = findChromium()
const QUIET = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync']

/** A module as one script that leaves its exports in a global of the page. */
async function bundle(path: string, name: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry: join(import.meta.dirname, path), formats: ['iife'], name, fileName: name } },
  })
  const [output] = Array.isArray(built) ? built : [built]
  const chunk = output && 'output' in output ? output.output[0] : undefined
  if (chunk?.type !== 'chunk') throw new Error('The bundle has no script.')
  return chunk.code
}

const COMPUTE = `(() => {
  const compiled = formulas.compileExact('amount * 1.1 + 0.2', { result: 'money', scale: 2, kindOf: () => 'decimal' })
  return compiled.formula.evaluate({ amount: '0.1' })
})()`

if (executablePath === undefined) console.log('!!! No Chromium: predicates and formulas are not tried in a browser.')

test.skipIf(executablePath === undefined)(
  'a browser gives every predicate case the meaning of the table and computes formulas exactly',
  { timeout: 30_000 },
  async () => {
    const scripts = [await bundle('cases/predicate-cases/run.ts', 'cases'), await bundle('formula.ts', 'formulas')]
    const browser = await chromium.launch({ executablePath: executablePath ?? '', args: QUIET })
    try {
      const page = await browser.newPage()
      for (const content of scripts) await page.addScriptTag({ content })
      expect(await page.evaluate('cases.runPredicateCases()')).toEqual({ count: 2 * PREDICATE_CASES.length, wrong: [] })
      expect(await page.evaluate(COMPUTE)).toBe('0.31')
    } finally {
      await browser.close()
    }
  },
)
