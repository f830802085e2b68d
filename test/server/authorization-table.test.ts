/** Who gets into which channel: each rule, those it lets in, and those who only look as if it should. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { channelNames } from '../../src/protocol.js';
import { authorize, bearer, makeServer } from './fixtures.js';

interface Person {
  sub: string;
  claims?: Record<string, unknown>;
}

const uuid = '0b9ac6a4-5b7e-4a1c-9f5d-1c2d3e4f5a6b';
const people = {
  ann: {
    sub: '1',
    claims: { role: 'student', classes: ['1', 'a-b', uuid, '\u00fc'], sessions: ['s1'], agents: ['bot-7'] },
  },
  ten: { sub: '10', claims: { role: 'teacher', classes: ['10'] } },
  boss: { sub: 'boss', claims: { roles: ['admin', 'teacher'] } },
  plain: { sub: 'plain' },
  uuid: { sub: uuid },
  mail: { sub: 'zoë+1@example.com' },
  upper: { sub: 'User' },
  dash: { sub: 'a-b' },
  pipe: { sub: 'auth0|123' },
  equals: { sub: '=007c' },
  composed: { sub: '\u00e9' },
  decomposed: { sub: 'e\u0301' },
  emoji: { sub: '😀' },
  named: { sub: 'cache-1', claims: { roles: ['class-1', 'class', 'Admin', 'constructor'] } },
} satisfies Record<string, Person>;
type Name = keyof typeof people;

const yes = 200;
const no = 403;
const bad = 400;

const table: [rule: string, rows: [who: Name, channel: string, status: number][]][] = [
  [
    'private-user-{id}: that person alone',
    [
      ['ann', 'private-user-1', yes],
      ['ann', 'private-user-10', no],
      ['ten', 'private-user-1', no],
      ['ten', 'private-user-10', yes],
      ['ann', 'private-user-', no],
      ['ann', 'private-user-01', no],
      ['ann', 'private-user-1-', no],
      ['ann', 'private-user--1', no],
      ['ann', 'private-user-1,private-user-10', no],
      ['ann', 'private-user-1;', no],
      ['ann', 'private-user-1.0', no],
      ['ann', 'private-user-=0031', no],
      ['ann', 'private-user-%31', bad],
      ['ann', 'private-user-1 ', bad],
      ['ann', ' private-user-1', bad],
      ['ann', 'private-user-1\n', bad],
      ['ann', 'private-user-1\0', bad],
      ['ann', 'private-user-1/../10', bad],
      ['ann', 'private-user-１', bad],
      ['ann', 'private-User-1', no],
      ['ann', 'PRIVATE-user-1', no],
      ['ann', 'private_user_1', no],
      ['ann', 'private-private-user-1', no],
      ['ann', 'private-user-user-1', no],
      ['ann', 'private-users-1', no],
      ['uuid', `private-user-${uuid}`, yes],
      ['uuid', `private-user-${uuid.toUpperCase()}`, no],
      ['uuid', `private-user-${uuid.slice(0, -1)}`, no],
      ['upper', 'private-user-User', yes],
      ['upper', 'private-user-user', no],
      ['dash', 'private-user-a-b', yes],
      ['dash', 'private-user-a', no],
      ['dash', 'private-user-a=002db', no],
      ['mail', channelNames.user('zoë+1@example.com'), yes],
      ['mail', channelNames.user('zoe+1@example.com'), no],
      ['mail', 'private-user-zoë+1@example.com', bad],
      ['pipe', 'private-user-auth0=007c123', yes],
      ['pipe', 'private-user-auth0=007C123', no],
      ['pipe', 'private-user-auth0-123', no],
      ['equals', 'private-user-=003d007c', yes],
      ['equals', 'private-user-=007c', no],
      ['composed', channelNames.user('\u00e9'), yes],
      ['composed', channelNames.user('e\u0301'), no],
      ['decomposed', channelNames.user('e\u0301'), yes],
      ['decomposed', channelNames.user('\u00e9'), no],
      ['emoji', 'private-user-=d83d=de00', yes],
      ['emoji', 'private-user-=de00=d83d', no],
      ['boss', 'private-user-1', no],
    ],
  ],
  [
    'variants follow the rule of their base',
    [
      ['ann', 'private-cache-user-1', yes],
      ['ten', 'private-cache-user-1', no],
      ['ann', 'private-encrypted-user-1', yes],
      ['ten', 'private-encrypted-user-1', no],
      ['ann', 'private-encrypted-cache-user-1', yes],
      ['ten', 'private-encrypted-cache-user-1', no],
      ['ann', 'private-cache-encrypted-user-1', no],
      ['ann', 'private-cache-cache-user-1', no],
      ['ann', 'cache-private-user-1', no],
      ['ann', 'presence-cache-class-1', yes],
      ['ten', 'presence-cache-class-1', no],
      ['ann', 'presence-encrypted-class-1', no],
      ['ann', 'presence-cache-student', yes],
      ['ten', 'presence-cache-student', no],
      ['named', 'private-user-cache-1', yes],
      ['named', 'private-cache-user-1', no],
    ],
  ],
  [
    'private-class-{id} and presence-class-{id}: members of the class',
    [
      ['ann', 'private-class-1', yes],
      ['ann', 'presence-class-1', yes],
      ['ann', 'private-class-10', no],
      ['ann', 'presence-class-10', no],
      ['ann', 'presence-class-', no],
      ['ann', 'presence-class', no],
      ['ann', 'presence-class-a-b', yes],
      ['ann', 'presence-class-a', no],
      ['ann', `presence-class-${uuid}`, yes],
      ['ann', channelNames.presenceClass('\u00fc'), yes],
      ['ann', channelNames.presenceClass('u\u0308'), no],
      ['ann', 'presence-Class-1', no],
      ['ann', 'presence-class=002d1', no],
      ['ann', 'presence-class-1-presence-class-10', no],
      ['ten', 'private-class-10', yes],
      ['plain', 'private-class-1', no],
      ['boss', 'presence-class-1', no],
      ['named', 'presence-class-1', no],
    ],
  ],
  [
    'presence-session-{id}: members of the session',
    [
      ['ann', 'presence-session-s1', yes],
      ['ann', 'presence-session-s10', no],
      ['ann', 'presence-session-1', no],
      ['ten', 'presence-session-s1', no],
      ['ann', 'private-session-s1', no],
    ],
  ],
  [
    'private-agent-{id}: its owner',
    [
      ['ann', 'private-agent-bot-7', yes],
      ['ann', 'private-agent-bot', no],
      ['ann', 'private-agent-7', no],
      ['ten', 'private-agent-bot-7', no],
      ['ann', 'presence-agent-bot-7', no],
    ],
  ],
  [
    'presence-{role}: those who hold the role, and no other word',
    [
      ['ann', 'presence-student', yes],
      ['ann', 'presence-teacher', no],
      ['ann', 'presence-admin', no],
      ['ten', 'presence-teacher', yes],
      ['boss', 'presence-admin', yes],
      ['boss', 'presence-teacher', yes],
      ['boss', 'presence-student', no],
      ['boss', 'presence-Admin', no],
      ['boss', 'presence-admin-', no],
      ['boss', 'presence-admins', no],
      ['boss', 'presence-', no],
      ['plain', 'presence-student', no],
      ['named', 'presence-class', no],
      ['named', 'presence-constructor', no],
      ['named', 'presence-admin', no],
      ['boss', 'private-admin', no],
    ],
  ],
  [
    'everything else: nobody',
    [
      ['boss', 'private-bot-updates', no],
      ['boss', 'private-strategy-updates', no],
      ['boss', 'private-anything', no],
      ['boss', 'private-', no],
      ['boss', 'public', no],
      ['boss', 'public-announcements', no],
      ['boss', '__proto__', no],
      ['boss', 'private-__proto__', no],
      ['boss', 'private-constructor', no],
      ['boss', '', bad],
      ['boss', '#server-to-user-boss', bad],
      ['boss', '123.456::user::boss', bad],
      ['boss', 'private-user-boss:{}', bad],
      ['boss', 'a'.repeat(165), bad],
    ],
  ],
];

describe('who may join which channel', () => {
  const server = makeServer({
    engine: {
      appId: '1000',
      key: 'app-key',
      secret: 'secret',
      host: '127.0.0.1',
      encryptionMasterKeyBase64: Buffer.alloc(32, 1).toString('base64'),
    },
    limits: { authorizationsPerMinute: 10_000 },
  });

  for (const [rule, rows] of table) {
    describe(rule, () => {
      for (const [who, channel, status] of rows) {
        const verdict = { [yes]: 'joins', [no]: 'is kept out of', [bad]: 'asks in vain for' }[status];
        test(`${who} ${verdict} ${JSON.stringify(channel).slice(0, 60)}`, async () => {
          const { sub, claims }: Person = people[who];
          const response = await authorize(server, channel, await bearer(sub, claims));
          assert.equal(response.status, status, await response.clone().text());
          const body = (await response.json()) as { auth?: string; error?: { code: string } };
          if (status === yes) assert.match(body.auth!, /^app-key:[0-9a-f]{64}$/);
          else assert.equal(body.error!.code, status === no ? 'forbidden' : 'invalid_request');
        });
      }
    });
  }

  describe('rules of the host', () => {
    const asked: string[] = [];
    const hosted = makeServer({
      roles: ['coach', 'vice-head'],
      memberships: {
        class: async (identity, id) => identity.id === 'plain' && id === 'db-class',
        agent: () => 'yes' as never,
      },
      rules: {
        'private-order-{id}': ({ id, channel, socketId, identity }) => {
          asked.push([id, channel, socketId, identity.id].join(' '));
          return true;
        },
        'private-order-secret-{id}': () => false,
        'private-order-secret-plan': () => true,
        'private-bot-updates': ({ id, identity }) => id === '' && identity.roles.includes('admin'),
        'private-user-{id}': ({ identity }) => identity.roles.includes('admin'),
      },
    });
    for (const [who, channel, status] of [
      ['plain', 'private-order-7', yes],
      ['plain', 'private-order-', no],
      ['plain', 'private-order-secret-7', no],
      ['plain', 'private-order-secret-', no],
      ['plain', 'private-order-secret-plan', yes],
      ['plain', 'private-order-secret', yes],
      ['plain', 'presence-order-7', no],
      ['boss', 'private-bot-updates', yes],
      ['plain', 'private-bot-updates', no],
      ['boss', 'private-bot-updates-1', no],
      ['boss', 'private-user-1', yes],
      ['ann', 'private-user-1', no],
      ['plain', 'presence-class-db-class', yes],
      ['ann', 'presence-class-1', no],
      ['ann', 'private-agent-bot-7', no],
      ['boss', 'presence-admin', no],
    ] as [Name, string, number][]) {
      test(`${who} gets ${status} for ${channel}`, async () => {
        const { sub, claims }: Person = people[who];
        const response = await authorize(hosted, channel, await bearer(sub, claims));
        assert.equal(response.status, status);
      });
    }

    test('a rule is told the id, decoded, and who asks for what on which connection', async () => {
      asked.length = 0;
      await authorize(hosted, 'private-cache-order-a=007cb', await bearer('plain'), '1.2');
      assert.deepEqual(asked, ['a|b private-cache-order-a=007cb 1.2 plain']);
    });

    test('roles of the host, also with a dash, have their channel', async () => {
      const person = await bearer('x', { roles: ['coach', 'vice-head'] });
      assert.equal((await authorize(hosted, 'presence-coach', person)).status, yes);
      assert.equal((await authorize(hosted, channelNames.presenceRole('vice-head'), person)).status, yes);
      assert.equal((await authorize(hosted, 'presence-vice-head', person)).status, no);
    });

    test('a rule that throws lets nobody in, and its words stay on the server', async () => {
      const logged: string[] = [];
      const broken = makeServer({
        rules: {
          'private-broken-{id}': () => {
            throw new Error('database password is 1234');
          },
        },
        logger: { error: (...parts) => logged.push(parts.join(' ')) },
      });
      const response = await authorize(broken, 'private-broken-1', await bearer('1'));
      assert.equal(response.status, 500);
      assert.doesNotMatch(await response.text(), /password|1234|at /);
      assert.match(logged.join('\n'), /database password/);
    });
  });
});
