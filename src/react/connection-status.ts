'use client';
// Generated from custom-elements.json by `npm run manifest`.
import { createComponent, type EventName } from '@lit/react';
import * as React from 'react';
import { ConnectionStatusElement } from '../elements/connection-status.js';
import '../elements/connection-status.define.js';

/** Shows how the page's connection is, and needs one. The mark follows the status at once; its words, the bar and what screen readers hear wait until the connection has been gone for five seconds. */
export const ConnectionStatus = createComponent({
  react: React,
  tagName: 'connection-status',
  elementClass: ConnectionStatusElement,
  events: {
    /** The status changed. */
    onStatusChanged: 'status-changed' as EventName<HTMLElementEventMap['status-changed']>,
    /** The connection has been gone for five seconds, or is back after that. */
    onLostChanged: 'lost-changed' as EventName<HTMLElementEventMap['lost-changed']>,
  },
});
