import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigurationError, createRealtimeServer, readServerEnvironment } from '../../src/server/index.js';
import { engine, jwtSecret } from './fixtures.js';

/** What is wrong with options, one sentence each. */
function problems(options: unknown): readonly string[] {
  try {
    createRealtimeServer(options as never);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.problems;
  }
  assert.fail('the options were accepted');
}

const jwt = { secret: jwtSecret };
const fine = { engine, jwt };

describe('options', () => {
  test('every mistake is told at once, each with its remedy', () => {
    const found = problems({
      engine: { appId: '1000' },
      jwt: { secret: 'short' },
      origins: ['*', 'https://shop.example/path'],
      limits: { eventsPerMinute: 0 },
      onWebhok: () => {},
    });
    assert.equal(found.length, 8, found.join('\n'));
    for (const sentence of found) assert.match(sentence, /\.$/);
    const text = found.join('\n');
    assert.match(text, /engine\.key is missing: set PUSHER_KEY\./);
    assert.match(text, /engine\.secret is missing: set PUSHER_SECRET\./);
    assert.match(text, /engine\.cluster is missing: set PUSHER_CLUSTER, or PUSHER_HOST/);
    assert.match(text, /jwt\.secret should have at least 32 bytes: openssl rand -base64 32\./);
    assert.match(text, /origins\.0 should be an origin such as/);
    assert.match(text, /limits\.eventsPerMinute should be at least 1\./);
    assert.match(text, /onWebhok is no option/);
  });

  test('the error lists them under one line', () => {
    assert.throws(
      () => createRealtimeServer({ engine: {} } as never),
      /cannot start:\n- engine\.appId.*\n- /,
    );
  });

  const wrong: [what: string, options: unknown, sentence: RegExp][] = [
    ['nothing', undefined, /options should be an object/],
    ['no engine', { jwt }, /engine should be an object: readServerEnvironment/],
    ['no identity', { engine }, /jwt or identify should be there/],
    ['two identities', { ...fine, identify: () => null }, /jwt or identify should be there/],
    ['an engine option that is none', { engine: { ...engine, ssl: true }, jwt }, /engine\.ssl is no option/],
    [
      'a host with a scheme',
      { engine: { ...engine, host: 'https://x.example' }, jwt },
      /engine\.host .*PUSHER_HOST/,
    ],
    [
      'a port that is none',
      { engine: { ...engine, port: 70_000 }, jwt },
      /engine\.port should be at most 65535/,
    ],
    [
      'an app id that is a path',
      { engine: { ...engine, appId: '../1' }, jwt },
      /engine\.appId .*PUSHER_APP_ID/,
    ],
    [
      'a scheme that is none',
      { engine: { ...engine, scheme: 'ws' }, jwt },
      /engine\.scheme should be http or https/,
    ],
    [
      'a short master key',
      { engine: { ...engine, encryptionMasterKeyBase64: 'aGk=' }, jwt },
      /32 bytes in base64/,
    ],
    ['a secret and keys', { engine, jwt: { ...jwt, jwks: { keys: [] } } }, /jwt\.secret or jwt\.jwks/],
    ['neither secret nor keys', { engine, jwt: {} }, /jwt\.secret or jwt\.jwks/],
    ['the algorithm none', { engine, jwt: { ...jwt, algorithms: ['none'] } }, /jwt\.algorithms .*HS256/],
    [
      'a public algorithm with a secret',
      { engine, jwt: { ...jwt, algorithms: ['RS256'] } },
      /jwt\.algorithms/,
    ],
    [
      'a secret algorithm with keys',
      { engine, jwt: { jwks: { keys: [] }, algorithms: ['HS256'] } },
      /jwt\.algorithms .*RS256/,
    ],
    [
      'a secret too short for its algorithm',
      { engine, jwt: { ...jwt, algorithms: ['HS512'] } },
      /at least 64 bytes/,
    ],
    [
      'keys without https',
      { engine, jwt: { jwks: 'http://id.example/keys' } },
      /jwt\.jwks should be an https address/,
    ],
    ['keys at no address', { engine, jwt: { jwks: 'keys' } }, /jwt\.jwks should be an https address/],
    ['keys of a wrong shape', { engine, jwt: { jwks: 7 } }, /jwt\.jwks should be the address/],
    ['a role that is too long', { ...fine, roles: ['x'.repeat(200)] }, /roles\.0 is too long/],
    [
      'a rule for a public channel',
      { ...fine, rules: { 'order-{id}': () => true } },
      /private or presence channel/,
    ],
    [
      'a rule for a variant',
      { ...fine, rules: { 'private-cache-a': () => true } },
      /cache and encrypted variants follow/,
    ],
    ['a rule with two ids', { ...fine, rules: { 'private-{id}-{id}': () => true } }, /one \{id\} at most/],
    ['a rule that is no function', { ...fine, rules: { 'private-a': true } }, /should be a function/],
    [
      'a hook that is no function',
      { ...fine, beforeBroadcast: true },
      /beforeBroadcast should be a function/,
    ],
    ['a store that is none', { ...fine, stores: { limits: new Map() } }, /stores\.limits should be a Store/],
    ['a logger that is none', { ...fine, logger: {} }, /logger should have a function error/],
    ['proxies that are none', { ...fine, trustedProxies: true }, /trustedProxies should be a whole number/],
    ['every origin', { ...fine, origins: '*' }, /origins should be a list of origins/],
    ['the origin null', { ...fine, origins: ['null'] }, /origins\.0 should be an origin/],
  ];
  for (const [what, options, sentence] of wrong) {
    test(`${what} is told`, () => {
      assert.match(problems(options).join('\n'), sentence);
    });
  }

  test('no value of an option stands in the error', () => {
    const secret = 'a-value-nobody-may-see';
    const text = problems({
      engine: {
        appId: `${secret}/`,
        key: [secret],
        secret: { secret },
        host: `${secret}/`,
        encryptionMasterKeyBase64: secret,
      },
      jwt: { secret: secret.slice(0, 20), algorithms: [secret], jwks: `http://${secret}` },
      origins: [secret],
    }).join('\n');
    assert.doesNotMatch(text, /nobody/);
  });

  test("hosted Channels need a cluster, an engine of one's own a host, and a disabled server nothing", () => {
    const { host: _, port: __, scheme: ___, ...hosted } = engine;
    createRealtimeServer({ engine: { ...hosted, cluster: 'eu' }, jwt });
    createRealtimeServer({ engine: { ...hosted, host: 'soketi.internal', cluster: 'ignored' }, jwt });
    createRealtimeServer({ engine: { enabled: false }, jwt });
  });
});

describe('the environment', () => {
  test('is read into options', () => {
    assert.deepEqual(
      readServerEnvironment({
        PUSHER_ENABLED: '1',
        PUSHER_APP_ID: '1000',
        PUSHER_KEY: ' key ',
        PUSHER_SECRET: 'secret',
        PUSHER_CLUSTER: '',
        PUSHER_HOST: 'localhost',
        PUSHER_PORT: '6001',
        PUSHER_SCHEME: 'HTTP',
        CORS_ORIGINS: 'https://a.example, https://b.example,',
      }),
      {
        engine: {
          enabled: true,
          appId: '1000',
          key: 'key',
          secret: 'secret',
          cluster: undefined,
          host: 'localhost',
          port: 6001,
          scheme: 'http',
        },
        origins: ['https://a.example', 'https://b.example'],
      },
    );
  });

  for (const [value, enabled] of [
    ['true', true],
    ['1', true],
    ['TRUE', true],
    ['', true],
    [undefined, true],
    ['false', false],
    ['0', false],
  ] as const) {
    test(`PUSHER_ENABLED=${value} ${enabled ? 'enables' : 'disables'}`, () => {
      assert.equal(readServerEnvironment({ PUSHER_ENABLED: value }).engine.enabled, enabled);
    });
  }

  test('what cannot be read is named, all at once, without its value', () => {
    assert.throws(
      () => readServerEnvironment({ PUSHER_ENABLED: 'toString', PUSHER_PORT: '80x', PUSHER_SCHEME: 'ftp' }),
      (error: ConfigurationError) => {
        assert.match(error.message, /PUSHER_ENABLED/);
        assert.match(error.message, /PUSHER_PORT/);
        assert.match(error.message, /PUSHER_SCHEME/);
        assert.doesNotMatch(error.message, /toString|80x|ftp/);
        return error.problems.length === 3;
      },
    );
  });

  test('a server that is enabled with a variable missing does not start, and names it', () => {
    const complete = { PUSHER_APP_ID: '1', PUSHER_KEY: 'k', PUSHER_SECRET: 's', PUSHER_CLUSTER: 'eu' };
    createRealtimeServer({ ...readServerEnvironment(complete), jwt });
    for (const missing of Object.keys(complete)) {
      const environment = { ...complete, [missing]: undefined };
      assert.throws(
        () => createRealtimeServer({ ...readServerEnvironment(environment), jwt }),
        (error: Error) => error instanceof ConfigurationError && error.message.includes(missing),
      );
    }
  });
});
