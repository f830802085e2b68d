'use client';
// Generated from custom-elements.json by `npm run manifest`.
import { createComponent, type EventName } from '@lit/react';
import * as React from 'react';
import { PresenceAvatarsElement } from '../elements/presence-avatars.js';
import '../elements/presence-avatars.define.js';

/** Shows who is on a presence channel; the row opens a list of all. */
export const PresenceAvatars = createComponent({
  react: React,
  tagName: 'presence-avatars',
  elementClass: PresenceAvatarsElement,
  events: {
    /** Somebody came. */
    onMemberAdded: 'member-added' as EventName<HTMLElementEventMap['member-added']>,
    /** Somebody has gone. */
    onMemberRemoved: 'member-removed' as EventName<HTMLElementEventMap['member-removed']>,
  },
});
