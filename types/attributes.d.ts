/** What a page may set on each tag of the kit, and the events that it sends. Generated from custom-elements.json by `npm run manifest`. */
import type { ConnectionStatusElement } from 'realtime-elements/elements/connection-status';
import type { NotificationToastElement } from 'realtime-elements/elements/notification-toast';
import type { PresenceAvatarsElement } from 'realtime-elements/elements/presence-avatars';
import type { ProgressTrackerElement } from 'realtime-elements/elements/progress-tracker';
import type { RealtimeBadgeElement } from 'realtime-elements/elements/realtime-badge';
import type { RealtimeProviderElement } from 'realtime-elements/elements/realtime-provider';

export interface ElementAttributes {
  'connection-status': {
    /** A mark (`dot`), a mark with its word (`pill`), or a bar that shows only while the connection is lost. */
    variant?: ConnectionStatusElement['variant'];
    /** How large mark and word are. */
    size?: ConnectionStatusElement['size'];
    /** In the text's flow, or fixed in a corner of the window. */
    position?: ConnectionStatusElement['position'];
    /** Shows the details in place instead of in a popover. */
    'show-details'?: ConnectionStatusElement['showDetails'];
    /** Shows the details in place instead of in a popover. */
    showDetails?: ConnectionStatusElement['showDetails'];
  };
  'notification-toast': {
    /** The channel whose notifications are shown. Without one, the element shows what `show()` is given. */
    channel?: NotificationToastElement['channel'];
    /** Further events to show, by name with spaces between; their payload is read as that of `notification`. */
    event?: NotificationToastElement['event'];
    /** Where on the window. */
    position?: NotificationToastElement['position'];
    /** How long a toast is seen, in milliseconds; 0 is until it is closed. Default: by its length, 6,000 at least. */
    duration?: NotificationToastElement['duration'];
    /** How many are seen at once. */
    max?: NotificationToastElement['max'];
    /** Shows the kit's own errors as well. */
    errors?: NotificationToastElement['errors'];
    /** Levels by a notification's `type`, beside those that the kit knows. */
    levels?: NotificationToastElement['levels'];
    /** What to say about events, by name: a function gets the payload and answers `{title, message, level, …}`. */
    texts?: NotificationToastElement['texts'];
  };
  'presence-avatars': {
    /** The same as `member-role`. */
    role?: string | number;
    /** The presence channel. */
    channel?: PresenceAvatarsElement['channel'];
    /** How many avatars are shown before the rest becomes a number. */
    max?: PresenceAvatarsElement['max'];
    /** The order; whoever reads the page always comes first. */
    sort?: PresenceAvatarsElement['sort'];
    /** Only people of this role. `role` says the same, but is also what assistive technology reads. */
    'member-role'?: PresenceAvatarsElement['memberRole'];
    /** Only people of these statuses, with spaces between: `online away busy`. */
    'member-status'?: PresenceAvatarsElement['memberStatus'];
    /** Leaves out whoever reads the page. */
    'hide-self'?: PresenceAvatarsElement['hideSelf'];
    /** A heading, shown with the count. */
    heading?: PresenceAvatarsElement['heading'];
    /** Only people of this role. `role` says the same, but is also what assistive technology reads. */
    memberRole?: PresenceAvatarsElement['memberRole'];
    /** Only people of these statuses, with spaces between: `online away busy`. */
    memberStatus?: PresenceAvatarsElement['memberStatus'];
    /** Leaves out whoever reads the page. */
    hideSelf?: PresenceAvatarsElement['hideSelf'];
  };
  'progress-tracker': {
    /** The channel on which the tasks report. */
    channel?: ProgressTrackerElement['channel'];
    /** Further events that report progress, by name with spaces between. */
    event?: ProgressTrackerElement['event'];
    /** The id of the one task to show; without it, all of the channel are shown. */
    task?: ProgressTrackerElement['task'];
    /** The backend's own names of fields, as `progress=percent taskId=job_id`. */
    fields?: ProgressTrackerElement['fields'];
  };
  'realtime-badge': {
    /** The channel. */
    channel?: RealtimeBadgeElement['channel'];
    /** The event that counts. Default for `unread`: `notification`; for `live` and `count`: every event. */
    event?: RealtimeBadgeElement['event'];
    /** What is shown. */
    kind?: RealtimeBadgeElement['kind'];
    /** The field of the payload that has the number, for `count`. A payload that is a number needs none. */
    field?: RealtimeBadgeElement['field'];
    /** Larger numbers are shown as this one and a plus. */
    max?: RealtimeBadgeElement['max'];
    /** What is counted, for screen readers: "new orders" is read as "12 new orders". For `live`, the word that is shown. */
    label?: RealtimeBadgeElement['label'];
    /** The number, for `count` and `unread`; a page may begin with one, and set it back. */
    value?: RealtimeBadgeElement['value'];
  };
  'realtime-provider': {
    /** The whole configuration as JSON, or as an object where functions are needed; wins over the attributes. */
    config?: RealtimeProviderElement['config'];
    /** The app's public key. */
    key?: string | number;
    /** Region of hosted Channels, for instance `eu`. */
    cluster?: string | number;
    /** Host of a self-hosted, compatible service. */
    host?: string | number;
    /** Its port. */
    port?: string | number;
    /** Path before `/app/`, for services behind a prefix. */
    path?: string | number;
    /** `false` for a service without encryption. */
    tls?: string | number;
    /** `false`: no network, and a quiet state. */
    enabled?: string | number;
    /** Logs what happens. */
    debug?: string | number;
    /** Where channels are authorized; default `/pusher/auth`. */
    'auth-endpoint'?: string | number;
    /** Where the user is authenticated. */
    'user-auth-endpoint'?: string | number;
    /** Where events are sent through the server. */
    'trigger-endpoint'?: string | number;
    /** Where the generation of content is asked for. */
    'content-endpoint'?: string | number;
    /** What relative endpoints are relative to; default the page. */
    base?: string | number;
    /** Bearer token for the endpoints. */
    'auth-token'?: string | number;
    /** Whether cookies go along. */
    'auth-credentials'?: string | number;
    /** `on` or `off`: several channels in one authorization request. */
    'auth-batch'?: string | number;
    /** Name of the `<meta>` that holds a CSRF token. */
    'csrf-meta'?: string | number;
    /** The language of the elements inside, for instance `de`; a `lang` further down still wins. */
    locale?: string | number;
    /** Keeps two identities of one app apart. */
    scope?: string | number;
    /** Keeps what could not be sent through a reload. */
    remember?: string | number;
    /** The controller that the elements inside use. Setting one makes attributes and `config` count for nothing. */
    controller?: RealtimeProviderElement['controller'];
  };
}

export interface ElementEvents {
  'connection-status': 'status-changed' | 'lost-changed';
  'notification-toast': 'notification-shown' | 'notification-activated' | 'notification-dismissed';
  'presence-avatars': 'member-added' | 'member-removed';
  'progress-tracker': 'progress-changed' | 'progress-completed' | 'progress-failed' | 'retry-requested';
  'realtime-badge': never;
  'realtime-provider': never;
}

export interface ElementClasses {
  'connection-status': ConnectionStatusElement;
  'notification-toast': NotificationToastElement;
  'presence-avatars': PresenceAvatarsElement;
  'progress-tracker': ProgressTrackerElement;
  'realtime-badge': RealtimeBadgeElement;
  'realtime-provider': RealtimeProviderElement;
}
