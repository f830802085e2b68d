import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorize, bearer, makeServer, sign } from './fixtures.js';

test("a person may join their own channel and nobody else's", async () => {
  const server = makeServer();
  const own = await authorize(server, 'private-user-1', await bearer('1'));
  assert.equal(own.status, 200);
  assert.deepEqual(await own.json(), { auth: `app-key:${sign('123.456:private-user-1')}` });
  const other = await authorize(server, 'private-user-10', await bearer('1'));
  assert.equal(other.status, 403);
});
