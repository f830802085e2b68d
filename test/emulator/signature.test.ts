import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import Pusher from 'pusher';
import { verifyRequest } from '../../src/emulator/http-signature.js';
import {
  channelAuth,
  channelSharedSecret,
  isSameText,
  md5Hex,
  userAuth,
} from '../../src/emulator/signature.js';

/** The credentials and results that Pusher's documentation gives. */
const documented = { key: '278d425bdf160c739803', secret: '7ad3773142a6692b25b8' };
const socketId = '1234.1234';

describe('signatures', () => {
  it('sign a private channel as the documentation does', () => {
    assert.equal(
      channelAuth(documented, socketId, 'private-foobar'),
      `${documented.key}:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4`,
    );
  });

  it('sign a presence channel with its channel_data as the documentation does', () => {
    const channelData = '{"user_id":10,"user_info":{"name":"Mr. Channels"}}';
    assert.equal(
      channelAuth(documented, socketId, 'presence-foobar', channelData),
      `${documented.key}:31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80`,
    );
  });

  it('sign a user in as the documentation does', () => {
    assert.equal(
      userAuth(documented, socketId, '{"id":"12345"}'),
      `${documented.key}:4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba`,
    );
  });

  it('accept the request that the documentation signs', () => {
    const body = '{"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}';
    assert.equal(md5Hex(body), 'ec365a775a4cd0599faeb73354201b6f');
    const query = [
      'auth_key=278d425bdf160c739803',
      'auth_timestamp=1353088179',
      'auth_version=1.0',
      'body_md5=ec365a775a4cd0599faeb73354201b6f',
      'auth_signature=da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c',
    ].join('&');
    const request = { method: 'POST', path: '/apps/3/events', query, body };
    assert.doesNotThrow(() => verifyRequest(documented, request, 1_353_088_179_000));
  });

  it('agree with the official SDK, unicode and shared secrets included', () => {
    const masterKey = Buffer.alloc(32, 9);
    const sdk = new Pusher({
      appId: '1',
      ...documented,
      host: 'localhost',
      encryptionMasterKeyBase64: masterKey.toString('base64'),
    });
    const member = { user_id: 'é', user_info: { name: '日本 😀' } };
    const signed = sdk.authorizeChannel(socketId, 'private-encrypted-x', member);
    assert.equal(channelAuth(documented, socketId, 'private-encrypted-x', signed.channel_data), signed.auth);
    assert.equal(
      channelSharedSecret('private-encrypted-x', masterKey.toString('base64')),
      signed.shared_secret,
    );
    const text = 'ü'.repeat(1000);
    assert.equal(md5Hex(text), createHash('md5').update(text).digest('hex'));
  });

  it('are compared as wholes', () => {
    assert.equal(isSameText('abc', 'abc'), true);
    assert.equal(isSameText('abc', 'abd'), false);
    assert.equal(isSameText('abc', 'ab'), false);
    assert.equal(isSameText('', ''), true);
  });
});
