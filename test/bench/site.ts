/** The pages of every variant, bundled as one would ship them: minified, in production mode. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { appKey, avatars, eventChannels, eventName, presenceChannel } from './workload.js';

/** What a page is made with; the twin is pusher-js once more, and tells the noise. */
export type Variant = keyof typeof sources | 'kit' | 'kit, preloaded' | 'kit, bundled by hand';
/** What a page shows. */
export type Scene = 'events' | 'presence' | 'start';

const sources = {
  floor: 'floor.js',
  'pusher-js': 'pusher.js',
  'pusher-js again': 'pusher.js',
  'React, sonner': 'sonner.jsx',
  'React, Mantine': 'mantine.jsx',
} as const;

/** The script tag alone. */
const scriptTag = `<script async crossorigin src="/cdn/loader.js"
  data-key="${appKey}" data-host="127.0.0.1" data-port="{{port}}" data-tls="false"></script>`;

/** The tag and two lines that the README prints for production. */
const fasterStart = `${scriptTag.replace('src', 'fetchpriority="high" src')}
${['kit.js', 'connection-status.js']
  .map((file) => `<link rel="modulepreload" crossorigin href="/cdn/${file}">`)
  .join('\n')}`;

const kitScenes: Record<Scene | 'many', string> = {
  events: eventChannels
    .map(
      (channel) => `<p><progress-tracker channel="${channel}"></progress-tracker>
<realtime-badge channel="${channel}" event="${eventName}" field="count" max="1000"></realtime-badge></p>`,
    )
    .join('\n'),
  presence: `<presence-avatars channel="${presenceChannel}" max="${avatars}"></presence-avatars>`,
  start: `<h1>Class 1 <connection-status variant="pill"></connection-status></h1>
<presence-avatars channel="${presenceChannel}"></presence-avatars>
<progress-tracker channel="private-user-1"></progress-tracker>
<notification-toast channel="private-user-1"></notification-toast>`,
  many: '<realtime-badge></realtime-badge><connection-status></connection-status><main></main>',
};

export interface Site {
  /** Where the pages lie; each is `<scene>-<variant>.html`. */
  folder: string;
  /** Of each bundle, what went into it. */
  contents: Map<string, Metafile>;
}

/** The address of a page below the server's. */
export function pageOf(scene: Scene | 'many', variant: Variant): string {
  return `${scene}-${nameOf(variant)}.html`;
}

export async function buildSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-elements-bench-'));
  const contents = new Map<string, Metafile>();
  for (const [scene, elements] of Object.entries(kitScenes)) {
    await writeFile(join(folder, pageOf(scene as Scene, 'kit')), html(scriptTag, elements));
  }
  await writeFile(join(folder, pageOf('start', 'kit, preloaded')), html(fasterStart, kitScenes.start));
  const bundle = async (scene: Scene, variant: Variant, source: string, elements?: string) => {
    const name = `${scene}-${nameOf(variant)}`;
    const { metafile } = await build({
      entryPoints: [fileURLToPath(new URL(`pages/${scene}-${source}`, import.meta.url))],
      outfile: join(folder, `${name}.js`),
      bundle: true,
      minify: true,
      metafile: true,
      format: 'iife',
      target: 'chrome123',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'none',
      logLevel: 'error',
    });
    contents.set(name, metafile);
    const hasStyles = Object.keys(metafile.outputs).some((file) => file.endsWith('.css'));
    const style = hasStyles ? `<link rel="stylesheet" href="${name}.css">` : '';
    const head = `${style}<script defer src="${name}.js"></script>`;
    await writeFile(join(folder, `${name}.html`), html(head, elements));
  };
  for (const scene of ['events', 'presence', 'start'] as const) {
    for (const [variant, source] of Object.entries(sources) as [keyof typeof sources, string][]) {
      if (scene !== 'start' || variant !== 'floor') await bundle(scene, variant, source);
    }
  }
  await bundle('start', 'kit, bundled by hand', 'bundle.js', kitScenes.start);
  return { folder, contents };
}

function nameOf(variant: Variant): string {
  return variant.toLowerCase().replace(/\W+/g, '-');
}

function html(head: string, body = ''): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Bench</title>
${head}
<body>
${body}
`;
}
