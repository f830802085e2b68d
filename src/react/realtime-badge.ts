'use client';
// Generated from custom-elements.json by `npm run manifest`.
import { createComponent } from '@lit/react';
import * as React from 'react';
import { RealtimeBadgeElement } from '../elements/realtime-badge.js';
import '../elements/realtime-badge.define.js';

/** A small mark that sits on a word, a bell or an avatar, or stands alone. */
export const RealtimeBadge = createComponent({
  react: React,
  tagName: 'realtime-badge',
  elementClass: RealtimeBadgeElement,
});
