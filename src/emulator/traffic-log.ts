import type { Activity } from './activity.js';
import { type Frame, isRecord } from './frame.js';

const longestData = 400;

/** One line for somebody who watches the traffic. Signatures never get into an activity, so not into a line either. */
export function describeActivity(activity: Activity): string {
  return `${new Date(activity.at).toISOString()} ${describe(activity)}`;
}

function describe(activity: Activity): string {
  switch (activity.type) {
    case 'connected':
      return `${activity.socketId} connected to app ${activity.appId}`;
    case 'disconnected':
      return `${activity.socketId} disconnected (${activity.code})`;
    case 'refused':
      return `connection refused (${activity.code} ${activity.reason})`;
    case 'received':
      return `${activity.socketId} → ${frameLine(activity.frame)}`;
    case 'sent':
      return `${activity.socketId} ← ${frameLine(activity.frame)}`;
    case 'lost':
      return `${activity.socketId} ${activity.direction === 'in' ? '→' : '←'} lost: ${frameLine(activity.frame)}`;
    case 'published':
      return `event ${activity.event.name} to ${activity.event.channels.join(', ')}: ${shorten(activity.event.data)}`;
    case 'changed':
      return `subscribers of ${activity.channel} changed`;
    case 'requested':
      return `${activity.method} ${activity.path} ${activity.status}`;
    case 'webhook':
      return `webhook ${activity.names.join(', ')} to ${activity.url}, attempt ${activity.attempt}: ${activity.status}`;
  }
}

function frameLine({ event, channel, data }: Frame): string {
  const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? '');
  const where = channel === undefined || (isRecord(data) && data.channel === channel) ? '' : ` ${channel}`;
  return shorten(`${event}${where} ${text}`);
}

function shorten(text: string): string {
  return text.length > longestData ? `${text.slice(0, longestData)}…` : text;
}
