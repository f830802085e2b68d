/**
 * Pusher's signatures. They are made synchronously: WebCrypto answers outside fake timers and is
 * missing on plain-http pages.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** What an app signs with. */
export interface Credentials {
  key: string;
  secret: string;
}

/** HMAC-SHA256 of a text, in lower-case hexadecimal. */
export function sign(secret: string, text: string): string {
  return bytesToHex(hmac(sha256, utf8ToBytes(secret), utf8ToBytes(text)));
}

/** MD5 of a text, in lower-case hexadecimal. */
export function md5Hex(text: string): string {
  return bytesToHex(md5(utf8ToBytes(text)));
}

/** Compares two texts in a time that depends on their lengths alone. */
export function isSameText(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) {
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  }
  return difference === 0;
}

/** The `auth` that opens a private or presence channel to one connection: `key:signature`. */
export function channelAuth(
  { key, secret }: Credentials,
  socketId: string,
  channel: string,
  channelData?: string,
): string {
  const text = `${socketId}:${channel}${channelData === undefined ? '' : `:${channelData}`}`;
  return `${key}:${sign(secret, text)}`;
}

/** The `auth` that signs one connection in as a user. */
export function userAuth({ key, secret }: Credentials, socketId: string, userData: string): string {
  return `${key}:${sign(secret, `${socketId}::user::${userData}`)}`;
}

/** The key that encrypts a `private-encrypted-` channel, in base64, as its members get it. */
export function channelSharedSecret(channel: string, masterKeyBase64: string): string {
  const master = Uint8Array.from(atob(masterKeyBase64), (character) => character.charCodeAt(0));
  const name = utf8ToBytes(channel);
  const bytes = new Uint8Array(name.length + master.length);
  bytes.set(name);
  bytes.set(master, name.length);
  return btoa(String.fromCharCode(...sha256(bytes)));
}
