import { expect } from '@open-wc/testing';
import { resolveConfig } from '../../src/core/config.js';
import { configFromEnvironment, configFromJson, readConfig } from '../../src/core/config-sources.js';

const readAttributes = (attributes: Record<string, string>) => readConfig((name) => attributes[name]);

describe('configuration', () => {
  it('is read from attributes', () => {
    expect(
      readAttributes({
        key: ' abc ',
        cluster: 'eu',
        tls: 'false',
        port: '6001',
        'auth-endpoint': '/auth',
        'auth-token': 't',
        'content-endpoint': '/make',
        remember: '',
      }),
    ).to.deep.equal({
      key: 'abc',
      cluster: 'eu',
      tls: false,
      port: 6001,
      authEndpoint: '/auth',
      token: 't',
      contentEndpoint: '/make',
      remember: true,
    });
  });

  it('is read from JSON under its own names, or those of the attributes in camelCase', () => {
    expect(
      configFromJson('{"key":"abc","host":"ws.example.com","port":6001,"tls":true,"authEndpoint":"/auth"}'),
    ).to.deep.equal({
      key: 'abc',
      host: 'ws.example.com',
      port: 6001,
      tls: true,
      authEndpoint: '/auth',
    });
    const config = { key: 'abc', token: 't', credentials: 'include', batch: 'off' };
    expect(configFromJson(JSON.stringify(config))).to.deep.equal(config);
    expect(
      configFromJson('{"key":"abc","authToken":"t","authCredentials":"include","authBatch":"off"}'),
    ).to.deep.equal(config);
    expect(configFromJson('nonsense')).to.deep.equal({});
    expect(configFromJson('{"": "x"}')).to.deep.equal({});
    expect(configFromJson('[1]')).to.deep.equal({});
  });

  it('is read from a bundler’s environment, old names included', () => {
    expect(
      configFromEnvironment({
        VITE_PUSHER_KEY: 'abc',
        VITE_PUSHER_CLUSTER: 'eu',
        VITE_PUSHER_FORCE_TLS: '0',
        VITE_PUSHER_AUTH_ENDPOINT: '/auth',
        VITE_PUSHER_TRIGGER_ENDPOINT: '/trigger',
        VITE_PUSHER_ENABLED: 'true',
        VITE_PUSHER_DEBUG: '1',
        VITE_API_BASE_URL: 'https://api.example.com/v1/',
        VITE_WS_URL: 'wss://ignored.example.com',
        VITE_PUSHER_APP_ID: '1',
        VITE_PUSHER_INSTANCE_ID: '2',
      }),
    ).to.deep.equal({
      key: 'abc',
      cluster: 'eu',
      tls: false,
      enabled: true,
      debug: true,
      authEndpoint: '/auth',
      triggerEndpoint: '/trigger',
      base: 'https://api.example.com/v1/',
    });
    expect(configFromEnvironment({ VITE_ENABLE_WEBSOCKET: 'false' }).enabled).to.equal(false);
  });

  it('leaves alone what a bundler’s environment leaves empty', () => {
    const names = ['PORT', 'DEBUG', 'REMEMBER', 'FORCE_TLS', 'ENABLED', 'HOST', 'SECRET'];
    const empty = Object.fromEntries(names.map((name, i) => [`VITE_PUSHER_${name}`, i % 2 ? '' : ' ']));
    expect(
      configFromEnvironment({ VITE_PUSHER_KEY: 'abc', VITE_PUSHER_CLUSTER: 'eu', ...empty }),
    ).to.deep.equal({
      key: 'abc',
      cluster: 'eu',
    });
  });

  for (const host of ['ws.example.com', '127.0.0.1', '[::1]', 'größe.example', 'my_service']) {
    it(`takes ${host} for a host`, () => {
      expect(resolveConfig({ key: 'abc', host, path: '/realtime' }).problem).to.equal(undefined);
    });
  }

  it('stores nothing for a setting that says neither yes nor no', () => {
    expect(resolveConfig(readAttributes({ key: 'abc', cluster: 'eu', remember: 'no' })).remember).to.equal(
      false,
    );
  });

  for (const name of ['VITE_PUSHER_SECRET', 'VITE_PUSHER_PRIMARY_KEY']) {
    it(`with ${name} is one loud error that never prints the value`, () => {
      const { problem } = resolveConfig(
        configFromEnvironment({ VITE_PUSHER_KEY: 'abc', VITE_PUSHER_CLUSTER: 'eu', [name]: 'hush' }),
      );
      expect(problem?.code).to.equal('configuration/secret-in-page');
      expect(problem?.message).to.equal(`${name} ships your secret to every visitor.`);
      expect(problem?.hint).to.match(/Rotate/);
      expect(`${problem?.message}${problem?.hint}`).not.to.contain('hush');
    });
  }

  for (const [what, attributes, code] of [
    ['no key', { cluster: 'eu' }, 'configuration/missing-key'],
    ['a URL in place of a key', { key: 'https://x', cluster: 'eu' }, 'configuration/wrong-key'],
    ['neither cluster nor host', { key: 'abc' }, 'configuration/missing-host'],
    ['an address in place of a host', { key: 'abc', host: 'https://h' }, 'configuration/wrong-host'],
    ['a host with its port', { key: 'abc', host: 'localhost:6001' }, 'configuration/wrong-host'],
    ['a cluster that would be another host', { key: 'abc', cluster: 'x/y' }, 'configuration/wrong-host'],
    ['a path without its slash', { key: 'abc', host: 'h', path: 'x' }, 'configuration/wrong-host'],
    ['a port that is none', { key: 'abc', host: 'h', port: 'six' }, 'configuration/wrong-port'],
    ['a flag that is none', { key: 'abc', host: 'h', tls: 'maybe' }, 'configuration/wrong-flag'],
    [
      'a wish to remember that is none',
      { key: 'abc', host: 'h', remember: 'no' },
      'configuration/wrong-flag',
    ],
    ['a secret', { key: 'abc', host: 'h', secret: 'hush' }, 'configuration/secret-in-page'],
  ] as const) {
    it(`with ${what} says what to do`, () => {
      const { problem } = resolveConfig(readAttributes(attributes));
      expect(problem?.code).to.equal(code);
      expect(problem?.hint).to.match(/\w{3}/);
    });
  }

  it('that is switched off needs nothing else', () => {
    expect(resolveConfig({ enabled: false }).problem).to.equal(undefined);
  });

  it('puts endpoints below the base, and without one on the page’s own origin', () => {
    const { authEndpoint, triggerEndpoint } = resolveConfig({
      base: 'https://api.example.com/api/v1',
      triggerEndpoint: 'https://other.example.com/send',
    });
    expect(authEndpoint).to.equal('https://api.example.com/api/v1/pusher/auth');
    expect(triggerEndpoint).to.equal('https://other.example.com/send');
    expect(resolveConfig({ base: '/api' }).authEndpoint).to.equal(
      new URL('/api/pusher/auth', document.baseURI).href,
    );
    expect(resolveConfig({}).authEndpoint).to.equal(new URL('/pusher/auth', document.baseURI).href);
  });

  it('leaves an endpoint with an address of its own out of `base`', () => {
    const { authEndpoint, triggerEndpoint } = resolveConfig({
      base: 'https://api.example.com/v1',
      authEndpoint: 'https://auth.example.com/pusher',
    });
    expect(authEndpoint).to.equal('https://auth.example.com/pusher');
    expect(triggerEndpoint).to.equal('https://api.example.com/v1/realtime/trigger');
  });
});
