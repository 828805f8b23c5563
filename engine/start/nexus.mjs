#!/usr/bin/env node
/**
 * The `nexus` command (`npx nexus …`): makes the checkout ready, then runs the command line under Node 24.
 * Knows no subcommand; engine/start/cli.ts does.
 */
import { runUnderNode24 } from './bootstrap.mjs'

await runUnderNode24('engine/start/cli.ts', process.argv.slice(2))
