import { byteLength, describeChannel, encodeId, limits } from '../protocol.js';
import { checkChannelName, checkSocketId } from './broadcast.js';
import type { Engine } from './engine.js';
import { RealtimeServerError } from './errors.js';
import type { Identity } from './identity.js';
import type { Logger } from './log.js';
import type { RuleMatch } from './rules.js';

/** What pusher-js wants to hear for a channel. */
export interface ChannelAuthorization {
  auth: string;
  /** JSON of `{user_id, user_info}`; for presence channels. */
  channel_data?: string;
  /** For encrypted channels. */
  shared_secret?: string;
}

/** What pusher-js wants to hear for a sign-in. */
export interface UserAuthentication {
  auth: string;
  /** JSON of `{id, user_info, watchlist?}`. */
  user_data: string;
}

/** Makes the functions that say who may join what, and who somebody is. */
export function createAuthorizer(parts: {
  /** Undefined when realtime is disabled. */
  engine: Engine | undefined;
  matchRule: (channel: string) => RuleMatch | undefined;
  memberInfo: ((identity: Identity) => Record<string, unknown>) | undefined;
  watchlist: ((identity: Identity) => readonly string[] | Promise<readonly string[]>) | undefined;
  logger: Logger;
}) {
  const requireEngine = (): Engine => {
    if (parts.engine) return parts.engine;
    throw new RealtimeServerError('disabled', 'Realtime is disabled on this server.');
  };
  const infoOf = (identity: Identity): Record<string, unknown> => {
    const info = parts.memberInfo?.(identity);
    if (info === undefined) return defaultMemberInfo(identity);
    if (fits(info)) return info;
    parts.logger.error(`memberInfo answered more than ${limits.userInfoBytes} bytes; the default was sent.`);
    return defaultMemberInfo(identity);
  };

  return {
    /** @throws RealtimeServerError: 400 for a bad name or socket id, 403 when the rules deny it. */
    async authorizeChannel(
      identity: Identity,
      socketId: string,
      channel: string,
    ): Promise<ChannelAuthorization> {
      const engine = requireEngine();
      checkSocketId(socketId);
      checkChannelName(channel);
      const match = parts.matchRule(channel);
      if ((await match?.rule({ identity, id: match.id, channel, socketId })) !== true) {
        throw new RealtimeServerError('forbidden', 'You may not join this channel.');
      }
      const { type } = describeChannel(channel);
      if (type === 'encrypted' && !engine.encrypts) {
        throw new RealtimeServerError(
          'not_configured',
          'Encrypted channels need engine.encryptionMasterKeyBase64.',
        );
      }
      if (type !== 'presence') return engine.sign(socketId, channel);
      return engine.sign(socketId, channel, { user_id: identity.id, user_info: infoOf(identity) });
    },

    /** @throws RealtimeServerError: 400 for a bad socket id. */
    async authenticateUser(identity: Identity, socketId: string): Promise<UserAuthentication> {
      const engine = requireEngine();
      checkSocketId(socketId);
      const watchlist = await parts.watchlist?.(identity);
      return engine.signUser(socketId, {
        // The id becomes the name of a channel, "#server-to-user-…".
        id: encodeId(identity.id),
        user_info: infoOf(identity),
        ...(watchlist ? { watchlist: watchlist.slice(0, limits.watchlistSize).map(encodeId) } : {}),
      });
    },
  };
}

/** Name, avatar and main role; the avatar, then the name's end, give way to the limit of 1 kB. */
function defaultMemberInfo({ id, name = id, avatar, roles: [role] }: Identity): Record<string, unknown> {
  const whole = { name, ...(avatar ? { avatar } : {}), ...(role ? { role } : {}) };
  const plain = { name, ...(role ? { role } : {}) };
  return [whole, plain].find(fits) ?? { name: name.slice(0, 100) };
}

function fits(info: Record<string, unknown>): boolean {
  return byteLength(JSON.stringify(info)) <= limits.userInfoBytes;
}
