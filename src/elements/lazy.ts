import type { RealtimeHost } from '../reactive/realtime-consumer.js';
import { report } from '../reactive/report.js';

/**
 * A module that is fetched when an element first needs it. The function answers it once it is there,
 * and renders the elements that asked meanwhile. What could not be fetched is asked for again at the
 * next render.
 */
export function lazy<T>(load: () => Promise<T>): (host: RealtimeHost) => T | undefined {
  let value: T | undefined;
  const waiting = new Set<RealtimeHost>();

  const fetch = async (host: RealtimeHost) => {
    try {
      value = await load();
      for (const each of waiting) each.requestUpdate();
    } catch (cause) {
      report(host, 'connection/code-not-loaded', 'Part of an element could not be loaded.', {
        hint: 'Check that the kit’s files can be reached and that the page’s security policy allows them.',
        retryable: true,
        cause,
      });
    }
    waiting.clear();
  };

  return (host) => {
    if (value !== undefined) return value;
    waiting.add(host);
    if (waiting.size === 1) fetch(host);
    return undefined;
  };
}
