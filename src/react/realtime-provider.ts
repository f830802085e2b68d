'use client';
// Generated from custom-elements.json by `npm run manifest`.
import { createComponent } from '@lit/react';
import * as React from 'react';
import { RealtimeProviderElement } from '../elements/realtime-provider.js';
import '../elements/realtime-provider.define.js';

/** Gives everything inside it another configuration than the page's. */
export const RealtimeProvider = createComponent({
  react: React,
  tagName: 'realtime-provider',
  elementClass: RealtimeProviderElement,
});
