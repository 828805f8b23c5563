/** Answers for: the bundled Postgres takes its share of the machine and no more. */
import { expect, test } from 'vitest'
import { memorySettings } from './postgres-process.ts'

const GIB = 1024 ** 3

test('an eighth of the memory, at least what any machine can spare, at most what a laptop should', () => {
  expect(memorySettings(0.5 * GIB)).toEqual({ shared_buffers: '128MB', effective_cache_size: '256MB' })
  expect(memorySettings(4 * GIB)).toEqual({ shared_buffers: '512MB', effective_cache_size: '2048MB' })
  expect(memorySettings(64 * GIB)).toEqual({ shared_buffers: '2048MB', effective_cache_size: '32768MB' })
})
