import { expect } from '@open-wc/testing';
import { RealtimeController } from '../../src/core/realtime-controller.js';

const { warn } = console;

describe('the page’s registry', () => {
  let warnings: string[];
  beforeEach(() => {
    warnings = [];
    console.warn = (...parts) => warnings.push(parts.join(' '));
  });
  afterEach(() => {
    console.warn = warn;
  });

  it('answers one controller for one app, service and identity, however often it is asked', () => {
    const config = { key: 'one', cluster: 'eu' };
    expect(RealtimeController.for(config)).to.equal(RealtimeController.for({ ...config }));
    expect(RealtimeController.for({ key: 'one', host: 'ws-eu.pusher.com' })).to.equal(
      RealtimeController.for(config),
    );
    expect(warnings).to.deep.equal([]);
  });

  for (const [what, other] of [
    ['another key', { key: 'another', cluster: 'eu' }],
    ['another cluster', { key: 'two', cluster: 'us2' }],
    ['another authorization endpoint', { key: 'two', cluster: 'eu', authEndpoint: '/other' }],
    ['another scope', { key: 'two', cluster: 'eu', scope: 'guest' }],
  ] as const) {
    it(`keeps ${what} apart`, () => {
      expect(RealtimeController.for({ key: 'two', cluster: 'eu' })).not.to.equal(
        RealtimeController.for(other),
      );
    });
  }

  it('joins a harmless difference, and warns of it once', () => {
    const first = RealtimeController.for({ key: 'three', cluster: 'eu', token: 'secret-a' });
    expect(RealtimeController.for({ key: 'three', cluster: 'eu', triggerEndpoint: '/elsewhere' })).to.equal(
      first,
    );
    expect(RealtimeController.for({ key: 'three', cluster: 'eu', token: 'secret-b' })).to.equal(first);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).not.to.contain('secret');
  });

  it('is a frozen object under a symbol, and nothing else of the page is touched', () => {
    RealtimeController.for({ key: 'one', cluster: 'eu' });
    const registry = (globalThis as unknown as Record<symbol, { protocol: number }>)[
      Symbol.for('realtime-elements')
    ];
    expect(Object.isFrozen(registry)).to.equal(true);
    expect(registry?.protocol).to.equal(1);
    expect('Pusher' in window).to.equal(false);
  });

  it('of another protocol is left alone: one warning, and a registry of its own', async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const page = frame.contentWindow as Window & typeof globalThis & { result?: unknown };
    const foreign = page.Object.freeze({ protocol: 2 });
    page.Object.defineProperty(page, page.Symbol.for('realtime-elements'), { value: foreign });
    const warned: string[] = [];
    page.console.warn = (text: string) => warned.push(text);
    await new Promise<void>((resolve, reject) => {
      frame.contentDocument?.addEventListener('tested', () => resolve());
      const script = page.document.createElement('script');
      script.type = 'module';
      script.onerror = () => reject(new Error('The module was not loaded.'));
      script.textContent = `
        import { RealtimeController } from '${new URL('../../src/core/realtime-controller.ts', import.meta.url).href}';
        const config = { key: 'one', cluster: 'eu' };
        window.result = RealtimeController.for(config) === RealtimeController.for(config);
        document.dispatchEvent(new Event('tested'));
      `;
      page.document.body.append(script);
    });
    expect(page.result).to.equal(true);
    expect(warned).to.have.length(1);
    expect(page[Symbol.for('realtime-elements') as unknown as keyof typeof page]).to.equal(foreign);
    frame.remove();
  });
});
