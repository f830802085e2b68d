#!/usr/bin/env node
/** The package's command, `realtime-elements`. */
try {
  const { run } = await import('./cli.js');
  process.exitCode = await run(process.argv.slice(2));
} catch (cause) {
  // An optional peer: the install of a page brings no server.
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
  if (!isMissing || !/'ws'/.test(cause.message)) throw cause;
  console.error('The emulator needs the package ws: npm install --save-dev ws');
  process.exitCode = 1;
}

export {};
