/** The migration guide: each name that people come from, with what it becomes, before and after. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const guide = readFileSync('docs/migration.md', 'utf8');
const glance = guide.slice(guide.indexOf('## All names at a glance'));
const body = guide.slice(0, guide.indexOf('## All names at a glance'));

/** What people come from. */
const before = `
  PusherProvider PusherContext WebSocketContext usePusher usePusherContext useWebSocket usePusherConnection
  usePusherChannel usePusherPresence usePusherEvent usePusherSend subscribeToContentGeneration
  triggerContentRequest PusherConnectionStatus RealtimeNotifications OnlineUsers PusherChannelType EVENT_NAMES
  WebSocketMessageType ChannelNameGenerator MessageFormatter ValidationUtils PusherErrorHandler
  ConnectionStateUtils PresenceUtils RateLimitUtils pusherService PusherService WebSocketService initialize
  addListener removeListener removeListeners getListeners getEventHistory clearEventHistory getConnectionState
  isConnected subscribeToChannel unsubscribeFromChannel sendWebSocketMessage PusherEvent auth-sync
  pusher.subscribe unbind_all unsubscribe pusher:member_added client-typing eventQueue Pusher.logToConsole
  MockPusher trigger_batch authenticate /api/v1/pusher/auth /api/v1/pusher/webhook /api/v1/realtime/trigger
  get_current_user user_has_class_access handle_channel_occupied PusherAnalytics.track_event get_metrics
  VITE_WS_URL VITE_API_BASE_URL VITE_ENABLE_WEBSOCKET
`;

/** What only the text before the table has to show: fields and options of those. */
const details = `
  isConnected stats reconnect connectionState latency channelType autoSubscribe isSubscribed subscriptionError
  sendMessage isSending lastError requestId showDetails position size channelName eventName callback priority
  once timestamp connection.bind VITE_PUSHER_SECRET VITE_PUSHER_PRIMARY_KEY user-updates-
`;

/** What it becomes. */
const after = `
  realtime-provider realtimeContext RealtimeController.for ConnectionController connection-status
  ChannelController PresenceController EventController SendController TypingController onContent
  requestContent progress-tracker notification-toast presence-avatars eventNames RealtimeEventMap channelNames
  makeEnvelope RealtimeError realtime-error describeStatus selectMembers countByRole canSend remaining retryAfter debug listen unlisten
  listeners history.query history.clear status send receivedAt subscribe getSnapshot identify status-changed
  member-added triggerBatch authorizeChannel metrics.track onWebhook memberships enabled base
`;

/** Faults by a word of each. */
const faults = `
  connection.ping() auth.headers unbind_all id fall split("-") != queue public VITE_ alert()
`;

const words = (list: string) => list.trim().split(/\s+/);

/** Whether a text has a name, not only one that begins or ends like it. */
function has(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w])${escaped}(?![A-Za-z])`).test(text);
}

describe('the migration guide', () => {
  it('shows every name that people come from in its text, and lists it at the end', () => {
    assert.deepEqual(
      words(before).filter((name) => !has(body, name)),
      [],
    );
    assert.deepEqual(
      words(before).filter((name) => !has(glance, name)),
      [],
    );
  });

  it('shows the fields and options of those', () => {
    assert.deepEqual(
      words(details).filter((name) => !has(body, name)),
      [],
    );
  });

  it('names what each of them becomes', () => {
    assert.deepEqual(
      words(after).filter((name) => !has(guide, name)),
      [],
    );
  });

  it('has a sample after each sample of what was before', () => {
    const fences = [...guide.matchAll(/^```(\w+ ?\S*)$/gm)].map(([, info]) => info as string);
    fences.forEach((info, index) => {
      if (info.endsWith(' before')) assert.doesNotMatch(fences[index + 1] ?? '', / before$|^$/);
    });
    assert.ok(fences.filter((info) => info.endsWith(' before')).length >= 8);
  });

  it('has a line for each common fault', () => {
    const section = /## Faults that([\s\S]*?)\n## /.exec(guide)?.[1] ?? '';
    const lines = section.split(/\n- /).slice(1);
    assert.equal(lines.length, words(faults).length);
    words(faults).forEach((word, index) => {
      assert.ok(lines[index]?.includes(word), `${word}: ${lines[index]}`);
    });
  });
});
