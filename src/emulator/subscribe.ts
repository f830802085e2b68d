import { byteLength, channelNameProblem, describeChannel, needsAuthorization } from '../protocol.js';
import { userChannel, userOfChannel } from './channel.js';
import type { Connection, Rejection } from './connection.js';
import { errorFrame, isRecord, parseJson } from './frame.js';
import type { Member } from './roster.js';
import { channelAuth, isSameText } from './signature.js';

/** Why a client is not let in; thrown inside this file alone. */
class Rejected extends Error {
  readonly rejection: Rejection;

  constructor(type: Rejection['type'], status: number, error: string) {
    super(error);
    this.rejection = { type, error, status };
  }
}

/** Answers `pusher:subscribe`. */
export function subscribe(connection: Connection, data: unknown): void {
  if (!isRecord(data) || typeof data.channel !== 'string') {
    connection.send(errorFrame(4200, 'A subscription names its channel as a text'));
    return;
  }
  const { channel } = data;
  if (connection.channels.has(channel)) {
    connection.send(errorFrame(null, `Existing subscription to channel ${channel}`, channel));
    return;
  }
  try {
    checkChannel(connection, channel);
    const isGuarded = needsAuthorization(channel);
    if (isGuarded) checkSignature(connection, channel, data.auth, data.channel_data);
    const isPresence = describeChannel(channel).type === 'presence';
    const member = isPresence ? memberFrom(connection, channel, data.channel_data) : undefined;
    if (isGuarded) connection.authorized();
    connection.app.join(connection, channel, member);
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    connection.reject(channel, error.rejection);
  }
}

/** Answers `pusher:unsubscribe`, which has no acknowledgement and may come twice. */
export function unsubscribe(connection: Connection, data: unknown): void {
  if (!isRecord(data) || typeof data.channel !== 'string') {
    connection.send(errorFrame(4200, 'An unsubscription names its channel as a text'));
    return;
  }
  connection.app.leave(connection, data.channel);
}

function checkChannel({ app, channels, user }: Connection, name: string): void {
  const { channelNameLength, channelsPerConnection } = app.settings.limits;
  if (channels.size >= channelsPerConnection) {
    throw new Rejected('LimitReached', 4100, `A connection holds at most ${channelsPerConnection} channels`);
  }
  if (userOfChannel(name) !== undefined) {
    if (user && name === userChannel(user.id)) return;
    throw new Rejected('AuthError', 401, 'Only the signed-in user may hear this channel');
  }
  if (name.length > channelNameLength) {
    throw new Rejected('InvalidChannel', 400, `A channel name has at most ${channelNameLength} characters`);
  }
  const problem = channelNameProblem(name);
  if (problem !== undefined) throw new Rejected('InvalidChannel', 400, problem);
}

function checkSignature(
  { app, socketId }: Connection,
  channel: string,
  auth: unknown,
  channelData: unknown,
): void {
  if (channelData !== undefined && channelData !== null && typeof channelData !== 'string') {
    throw new Rejected('AuthError', 400, 'channel_data is a JSON text');
  }
  const expected = channelAuth(app.settings, socketId, channel, channelData ?? undefined);
  if (typeof auth !== 'string' || !isSameText(auth, expected)) {
    throw new Rejected('AuthError', 401, 'The connection is unauthorized');
  }
}

/** The member that joins a presence channel: as the authorization says, or as the connection signed in. */
function memberFrom({ app, user }: Connection, channel: string, channelData: unknown): Member {
  const { presenceMembers, userIdLength, userInfoBytes } = app.settings.limits;
  const { user_id: id, user_info: info } =
    typeof channelData === 'string'
      ? readChannelData(channelData)
      : { user_id: user?.id, user_info: user?.info };
  const isId = (typeof id === 'string' && id !== '') || (typeof id === 'number' && Number.isFinite(id));
  if (!isId)
    throw new Rejected(
      'AuthError',
      400,
      'A presence channel needs a user_id in channel_data, or a signed-in user',
    );
  if (String(id).length > userIdLength) {
    throw new Rejected('LimitReached', 4301, `A user id has at most ${userIdLength} characters`);
  }
  if (info !== undefined && info !== null && !isRecord(info)) {
    throw new Rejected('AuthError', 400, 'user_info is an object');
  }
  if (info && byteLength(JSON.stringify(info)) > userInfoBytes) {
    throw new Rejected('LimitReached', 4301, `user_info has at most ${userInfoBytes} bytes`);
  }
  const roster = app.channels.get(channel)?.roster;
  if (roster && roster.size >= presenceMembers && !roster.has(id)) {
    throw new Rejected('LimitReached', 4100, `A presence channel has at most ${presenceMembers} members`);
  }
  return { id, ...(info ? { info } : {}) };
}

function readChannelData(text: string): Record<string, unknown> {
  const value = parseJson(text);
  if (!isRecord(value)) throw new Rejected('AuthError', 400, 'channel_data is a JSON object');
  return value;
}
