import { channelNameProblem } from '../protocol.js';
import type { Connection } from './connection.js';
import { errorFrame, isRecord, parseJson } from './frame.js';
import { isSameText, userAuth } from './signature.js';

/** Who a connection signed in as. */
export interface SignedInUser {
  id: string;
  info?: Record<string, unknown>;
  /** Ids of the people whose coming and going this connection hears of. */
  watchlist: string[];
}

const codeOfFailure = 4009;
const codeOfCutWatchlist = 4302;

/** Answers `pusher:signin`. A failure leaves the connection open, and signed in as it was. */
export function signIn(connection: Connection, data: unknown): void {
  const { app } = connection;
  const userData = isRecord(data) ? data.user_data : undefined;
  const user = checkSignIn(connection, data);
  if (typeof user === 'string') {
    connection.send(errorFrame(codeOfFailure, user));
    return;
  }
  connection.authorized();
  connection.send({ event: 'pusher:signin_success', data: { user_data: userData } });
  if (connection.user) return;
  const { watchlistSize } = app.settings.limits;
  const watchlist = app.settings.watchlists ? user.watchlist : [];
  if (watchlist.length > watchlistSize) {
    const problem = `A watchlist has at most ${watchlistSize} users; the rest was cut off`;
    connection.send(errorFrame(codeOfCutWatchlist, problem));
  }
  app.users.signIn(connection, { ...user, watchlist: watchlist.slice(0, watchlistSize) });
}

/** The user whom a connection may sign in as, or why it may not. */
function checkSignIn({ app, socketId, user: current }: Connection, data: unknown): SignedInUser | string {
  if (!app.settings.userAuthentication) return 'User authentication is not enabled for this app';
  if (!isRecord(data) || typeof data.user_data !== 'string' || typeof data.auth !== 'string') {
    return 'A sign-in carries auth and user_data as texts';
  }
  if (!isSameText(data.auth, userAuth(app.settings, socketId, data.user_data))) {
    return 'The sign-in is unauthorized';
  }
  const user = readUser(data.user_data, app.settings.limits.userIdLength);
  if (typeof user === 'string' || !current || current.id === user.id) return user;
  return 'The connection is signed in as another user already';
}

/** The user that `user_data` describes, or what is wrong with it. */
function readUser(text: string, userIdLength: number): SignedInUser | string {
  const data = parseJson(text);
  if (!isRecord(data)) return 'user_data is a JSON object';
  const { id, user_info: info, watchlist = [] } = data;
  if (typeof id !== 'string' || id === '') return 'The id of a user is a text of at least one character';
  if (id.length > userIdLength) return `The id of a user has at most ${userIdLength} characters`;
  if (channelNameProblem(id) !== undefined)
    return 'The id of a user holds letters, digits and _ - = @ , . ; only';
  if (info !== undefined && info !== null && !isRecord(info)) return 'user_info is an object';
  if (!Array.isArray(watchlist) || !watchlist.every((entry) => typeof entry === 'string')) {
    return 'A watchlist is a list of user ids';
  }
  return { id, ...(info ? { info } : {}), watchlist: [...new Set<string>(watchlist)] };
}
