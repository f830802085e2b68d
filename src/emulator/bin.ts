#!/usr/bin/env node
/** The package's command, `realtime-elements`. */
import { run } from './cli.js';

process.exitCode = await run(process.argv.slice(2));
