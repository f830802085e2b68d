/** What the package's command does: `realtime-elements emulator --port 6001`. */
import { parseArgs } from 'node:util';
import { startEmulator } from './node.js';
import { describeActivity } from './traffic-log.js';

const defaultPort = 6001;

const help = `realtime-elements emulator: Pusher Channels on this machine,
for development, not for production.

Usage: realtime-elements emulator [options]

  --port <number>     port to listen on, 0 for any free one (PORT, else ${defaultPort})
  --host <address>    address to listen on (127.0.0.1: this machine alone)
  --app-id <id>       id of the app (PUSHER_APP_ID, else 1000)
  --key <key>         key of the app (PUSHER_KEY, else emulator-key)
  --secret <secret>   secret of the app (PUSHER_SECRET, else emulator-secret)
  --webhook <url>     where webhooks go; may be given several times
  --log               print connections, frames, events and requests as they happen
  --help              this text
`;

/** Runs the command until it is told to end; answers its exit status. */
export async function run(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args, environment);
  } catch (error) {
    console.error(`${(error as Error).message}\nSee realtime-elements emulator --help`);
    return 2;
  }
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  try {
    const { log, ...emulatorOptions } = options;
    const emulator = await startEmulator(emulatorOptions);
    const { url, appId, key, engine } = emulator;
    const isTold = untilSignal();
    if (log) engine.observe((activity) => console.log(describeActivity(activity)));
    console.log(
      `Pusher Channels emulator on ${url}, app id ${appId}, key ${key}, secret ${engine.app().settings.secret} (for development, not for production)`,
    );
    await isTold;
    await emulator.stop();
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      'app-id': { type: 'string' },
      key: { type: 'string' },
      secret: { type: 'string' },
      webhook: { type: 'string', multiple: true },
      log: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const [command, ...more] = positionals;
  if (command !== 'emulator' || more.length > 0) {
    throw new Error(
      command === undefined
        ? 'Which command? There is one: emulator'
        : `No such command: ${positionals.join(' ')}`,
    );
  }
  const port = values.port ?? environment.PORT ?? String(defaultPort);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`A port is a number from 0 to 65535, not "${port}".`);
  }
  return {
    port: Number(port),
    host: values.host,
    appId: values['app-id'] ?? (environment.PUSHER_APP_ID || undefined),
    key: values.key ?? (environment.PUSHER_KEY || undefined),
    secret: values.secret ?? (environment.PUSHER_SECRET || undefined),
    webhooks: values.webhook?.map((url) => ({ url })),
    log: values.log,
  };
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}
