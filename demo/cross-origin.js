// @ts-check
/** Lets pages on other origins call a route of the demo's own, by the rule that the server part has for its routes. */
import { cors } from 'hono/cors';

const loopback = /^https?:\/\/(([\w-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/**
 * @param {readonly string[] | 'loopback'} origins As `createRealtimeServer` takes them.
 * @returns {import('hono').MiddlewareHandler}
 */
export function acrossOrigins(origins) {
  const isAllowed = (/** @type {string} */ origin) =>
    origins === 'loopback' ? loopback.test(origin) : origins.includes(origin);
  return cors({
    origin: (origin) => (isAllowed(origin) ? origin : null),
    credentials: true,
    allowMethods: ['POST'],
    exposeHeaders: ['Retry-After'],
  });
}
