/**
 * Channel names: made, taken apart and checked by the same code in the page, the server and the
 * emulator. A name is a prefix that Pusher reads (`private-`, `presence-`, `cache-` and their
 * mixtures) and a base that this kit's authorization rules read (`user-7`, `class-3`).
 */
import { limits } from './limits.js';

/** How a channel is guarded. Encrypted channels are private ones whose events only members can read. */
export type ChannelType = 'public' | 'private' | 'presence' | 'encrypted';

/** A channel name taken apart. */
export interface ChannelDescription {
  /** The whole name, as it goes over the wire. */
  name: string;
  type: ChannelType;
  /** Whether the service keeps the channel's last event for late comers. */
  cache: boolean;
  /** The name of the plain channel that this one is a variant of: `private-cache-user-7` gives `private-user-7`. */
  base: string;
}

const allowedName = /^[A-Za-z0-9_\-=@,.;]+$/;
const variantPrefix =
  /^(private-encrypted-cache-|private-encrypted-|private-cache-|presence-cache-|private-|presence-|cache-)/;

/** What is wrong with a channel name, as a sentence, or `undefined` when nothing is. */
export function channelNameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') return 'A channel name is a text of at least one character.';
  if (name.length > limits.channelNameLength) {
    return `A channel name has at most ${limits.channelNameLength} characters; this one has ${name.length}.`;
  }
  if (!allowedName.test(name)) {
    return 'A channel name holds letters, digits and _ - = @ , . ; only. Encode ids with encodeId().';
  }
  return undefined;
}

/** Takes a channel name apart. Any name without a known prefix is public. */
export function describeChannel(name: string): ChannelDescription {
  const prefix = variantPrefix.exec(name)?.[1] ?? '';
  const rest = name.slice(prefix.length);
  const cache = prefix.endsWith('cache-');
  if (prefix.startsWith('private-encrypted-'))
    return { name, type: 'encrypted', cache, base: `private-${rest}` };
  if (prefix.startsWith('private-')) return { name, type: 'private', cache, base: `private-${rest}` };
  if (prefix.startsWith('presence-')) return { name, type: 'presence', cache, base: `presence-${rest}` };
  return { name, type: 'public', cache, base: rest };
}

/** Whether a channel needs an authorization before it can be joined. */
export function needsAuthorization(name: string): boolean {
  return describeChannel(name).type !== 'public';
}

/** Whether members may send client events on a channel: on private and presence channels, never encrypted ones. */
export function allowsClientEvents(name: string): boolean {
  const { type } = describeChannel(name);
  return type === 'private' || type === 'presence';
}

/** The same channel with another guard: `withChannelType('class-3', 'presence')` gives `presence-class-3`. */
export function withChannelType(name: string, type: ChannelType): string {
  const { base, cache } = describeChannel(name);
  const bare = base.replace(/^(private-|presence-)/, '');
  const guard = { public: '', private: 'private-', presence: 'presence-', encrypted: 'private-encrypted-' }[
    type
  ];
  return `${guard}${cache ? 'cache-' : ''}${bare}`;
}

/** The variant of a channel that keeps its last event for late comers: `private-user-7` gives `private-cache-user-7`. */
function cacheVariant(name: string): string {
  const { type, base } = describeChannel(name);
  return withChannelType(`cache-${base.replace(/^(private-|presence-)/, '')}`, type);
}

/**
 * Writes an id with the characters that Pusher allows in a channel name. Every UTF-16 unit outside
 * `A-Z a-z 0-9 _ - @ , . ;` becomes `=` and four hexadecimal digits; `=` itself too. Two different
 * ids never give one text, and `decodeId` gives the id back.
 */
export function encodeId(id: string | number): string {
  return escapeUnits(String(id), /[^A-Za-z0-9_\-@,.;]/g);
}

/** The id that `encodeId` wrote, or `undefined` when the text is none that it writes. */
export function decodeId(text: string): string | undefined {
  const id = text.replace(/=([0-9a-f]{4})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return encodeId(id) === text ? id : undefined;
}

function escapeUnits(text: string, pattern: RegExp): string {
  return text.replace(pattern, (unit) => `=${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The names of the channels that this kit and its server know, one function or constant each. */
export const channelNames = {
  public: 'public',
  publicAnnouncements: 'public-announcements',
  botUpdates: 'private-bot-updates',
  strategyUpdates: 'private-strategy-updates',
  /** A person's own channel. */
  user: (id: string | number): string => `private-user-${encodeId(id)}`,
  class: (id: string | number): string => `private-class-${encodeId(id)}`,
  agent: (id: string | number): string => `private-agent-${encodeId(id)}`,
  /** Everyone of a role. The dash is encoded as well: no role is mistaken for `class-…` or `session-…`. */
  presenceRole: (role: string): string => `presence-${escapeUnits(role, /[^A-Za-z0-9_@,.;]/g)}`,
  presenceClass: (id: string | number): string => `presence-class-${encodeId(id)}`,
  presenceSession: (id: string | number): string => `presence-session-${encodeId(id)}`,
  /** The variant that keeps its last event for late comers. */
  cache: cacheVariant,
  /** The variant whose events only its members can read. */
  encrypted: (name: string): string => withChannelType(name, 'encrypted'),
} as const;
