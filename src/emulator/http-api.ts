/** The HTTP API that backends and Pusher's SDKs call: signed requests in, real statuses out. */
import { describeChannel } from '../protocol.js';
import type { EmulatorApp } from './app.js';
import { isRecord, parseJson } from './frame.js';
import { HttpError, verifyRequest } from './http-signature.js';
import { type Attribute, checkChannelName, readAttributes, readPublication } from './publication.js';
import { splitTarget } from './request-target.js';

/** A request to the HTTP API, taken apart as far as any door can. */
export interface ApiRequest {
  method: string;
  /** Path and query, as they were sent. */
  target: string;
  body: string;
}

/** What the HTTP API answers. */
export interface ApiResponse {
  status: number;
  contentType: string;
  body: string;
}

/** Answers a request to `/apps/:id/…`. */
export function answer(apps: readonly EmulatorApp[], request: ApiRequest, nowMs: number): ApiResponse {
  try {
    const { path, query } = splitTarget(request.target);
    const [, root, id, ...rest] = path.split('/');
    const app = root === 'apps' ? apps.find((candidate) => candidate.id === id) : undefined;
    if (!app) throw new HttpError(404, 'No app of this id');
    const params = verifyRequest(app.settings, { ...request, path, query }, nowMs);
    if (!app.settings.enabled) throw new HttpError(403, 'The app is disabled');
    const body = request.method === 'POST' ? readBody(request.body) : {};
    const result = route(app, request.method, rest.map(decode), params, body);
    return { status: 200, contentType: 'application/json', body: JSON.stringify(result) };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return { status: error.status, contentType: 'text/plain; charset=utf-8', body: `${error.message}\n` };
  }
}

function route(
  app: EmulatorApp,
  method: string,
  path: string[],
  params: Map<string, string[]>,
  body: Record<string, unknown>,
): unknown {
  const [collection, name = '', action] = path;
  const length = path.length;
  const info = params.get('info')?.[0];
  switch (method) {
    case 'POST':
      if (collection === 'events' && length === 1) return publish(app, { ...fromQuery(params), ...body });
      if (collection === 'batch_events' && length === 1) return publishBatch(app, body);
      if (collection === 'users' && action === 'terminate_connections' && length === 3) {
        app.terminateUser(name);
        return {};
      }
      break;
    case 'GET':
      if (collection !== 'channels') break;
      if (length === 1) return listChannels(app, params.get('filter_by_prefix')?.[0] ?? '', info);
      if (length === 2) return describe(app, checkedChannel(app, name), readAttributes(info));
      if (length === 3 && action === 'users') return listUsers(app, checkedChannel(app, name));
  }
  throw new HttpError(404, 'No such method at this path');
}

/** An event's fields may stand in the query as well. */
function fromQuery(params: Map<string, string[]>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of ['name', 'data', 'channel', 'socket_id', 'info']) {
    const value = params.get(name)?.[0];
    if (value !== undefined) fields[name] = value;
  }
  const channels = params.get('channels[]') ?? params.get('channels');
  if (channels) fields.channels = channels;
  return fields;
}

function publish(app: EmulatorApp, fields: Record<string, unknown>): unknown {
  const { event, attributes } = readPublication(app, fields);
  app.publish(event);
  if (attributes.length === 0) return {};
  const channels = event.channels.map((name) => [name, availableInfo(app, name, attributes)]);
  return { channels: Object.fromEntries(channels) };
}

function publishBatch(app: EmulatorApp, { batch }: Record<string, unknown>): unknown {
  const { eventsPerBatch } = app.settings.limits;
  if (!Array.isArray(batch)) throw new HttpError(400, 'batch is a list of events');
  if (batch.length > eventsPerBatch) throw new HttpError(400, `A batch has at most ${eventsPerBatch} events`);
  // All are read before the first is sent: a batch goes out whole or not at all.
  const publications = batch.map((event) => {
    if (!isRecord(event)) throw new HttpError(400, 'Each event of a batch is an object');
    if (event.channels !== undefined) throw new HttpError(400, 'Each event of a batch names one channel');
    return readPublication(app, event);
  });
  const results = publications.map(({ event, attributes }) => {
    app.publish(event);
    return availableInfo(app, event.channels[0]!, attributes);
  });
  return publications.some(({ attributes }) => attributes.length > 0) ? { batch: results } : {};
}

function checkedChannel(app: EmulatorApp, name: string): string {
  checkChannelName(name, app.settings.limits.channelNameLength);
  return name;
}

function listChannels(app: EmulatorApp, prefix: string, info: string | undefined): unknown {
  const wanted = readAttributes(info);
  if (wanted.includes('user_count') && !prefix.startsWith('presence-')) {
    throw new HttpError(400, 'user_count needs filter_by_prefix to begin with presence-');
  }
  if (wanted.includes('cache')) throw new HttpError(400, 'cache is an attribute of a single channel');
  requireCounting(app, wanted);
  const channels = [...app.channels.values()]
    .filter((channel) => channel.isListed && channel.name.startsWith(prefix))
    .map((channel) => [channel.name, availableInfo(app, channel.name, wanted)]);
  return { channels: Object.fromEntries(channels) };
}

function describe(app: EmulatorApp, name: string, wanted: Attribute[]): unknown {
  const { type, cache } = describeChannel(name);
  if (wanted.includes('user_count') && type !== 'presence') {
    throw new HttpError(400, 'user_count is an attribute of presence channels');
  }
  if (wanted.includes('cache') && !cache) throw new HttpError(400, 'cache is an attribute of cache channels');
  requireCounting(app, wanted);
  return { occupied: app.channels.has(name), ...availableInfo(app, name, wanted) };
}

function requireCounting({ settings }: EmulatorApp, wanted: Attribute[]): void {
  if (wanted.includes('subscription_count') && !settings.subscriptionCount) {
    throw new HttpError(400, 'subscription_count is not enabled for this app');
  }
}

/** Those of the wanted attributes that a channel has. */
function availableInfo(app: EmulatorApp, name: string, wanted: Attribute[]): Record<string, unknown> {
  const channel = app.channels.get(name);
  const { type, cache } = describeChannel(name);
  const info: Record<string, unknown> = {};
  for (const attribute of wanted) {
    if (attribute === 'user_count' && type === 'presence') info.user_count = channel?.roster?.size ?? 0;
    if (attribute === 'subscription_count' && app.settings.subscriptionCount) {
      info.subscription_count = channel?.subscribers.size ?? 0;
    }
    if (attribute === 'cache' && cache) {
      const cached = app.cache.get(name);
      info.cache = cached ? { data: cached.data, ttl: cached.ttl } : null;
    }
  }
  return info;
}

function listUsers(app: EmulatorApp, name: string): unknown {
  if (describeChannel(name).type !== 'presence')
    throw new HttpError(400, 'Only presence channels have users');
  const members = app.channels.get(name)?.roster?.members ?? [];
  return { users: members.map(({ id }) => ({ id: String(id) })) };
}

function readBody(text: string): Record<string, unknown> {
  if (text === '') return {};
  const body = parseJson(text);
  if (!isRecord(body)) throw new HttpError(400, 'The body is a JSON object');
  return body;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, 'The path is not encoded well');
  }
}
