/** A plain event listener: with a filter, and a signal that ends it together with other things. */
import type { RealtimeController } from 'realtime-elements';

interface Headline {
  text: string;
  urgent: boolean;
}

/** Shows urgent headlines of a channel until the signal aborts. The channel is joined and left with it. */
export function showHeadlines(
  controller: RealtimeController,
  channel: string,
  ticker: HTMLElement,
  signal: AbortSignal,
): void {
  controller.listen({
    channel,
    event: 'headline',
    filter: ({ data }) => isHeadline(data) && data.urgent,
    callback: ({ data, receivedAt }) => {
      const time = new Date(receivedAt).toLocaleTimeString();
      ticker.textContent = `${time} ${(data as Headline).text}`;
    },
    signal,
  });
}

function isHeadline(data: unknown): data is Headline {
  const { text, urgent } = (data ?? {}) as Partial<Headline>;
  return typeof text === 'string' && typeof urgent === 'boolean';
}
