/**
 * The kit and a Redux store: the connection's state goes into the store, and events become actions.
 * Any other store works the same way: `subscribe` and `getSnapshot` are all that it needs.
 */
import type { RealtimeController, RealtimeEvent, RealtimeSnapshot } from 'realtime-elements';
import type { Action, Middleware } from 'redux';

/** Dispatched at each change of the connection, its channels or the identity. */
export interface RealtimeChanged extends Action<'realtime/changed'> {
  payload: Pick<RealtimeSnapshot, 'status' | 'lost' | 'reason'>;
}

/** Dispatched for each event of the channels that the page holds. */
export interface RealtimeReceived extends Action<'realtime/received'> {
  payload: Pick<RealtimeEvent, 'channel' | 'event' | 'data'>;
}

/** Feeds the store from the controller until the signal aborts. */
export function realtimeMiddleware(controller: RealtimeController, signal?: AbortSignal): Middleware {
  return ({ dispatch }) => {
    const tell = () => {
      const { status, lost, reason } = controller.getSnapshot();
      dispatch({ type: 'realtime/changed', payload: { status, lost, reason } } satisfies RealtimeChanged);
    };
    const undo = controller.subscribe(tell);
    signal?.addEventListener('abort', undo, { once: true });
    controller.listen({
      channel: '*',
      event: '*',
      signal,
      callback: ({ channel, event, data }) => {
        dispatch({ type: 'realtime/received', payload: { channel, event, data } } satisfies RealtimeReceived);
      },
    });
    return (next) => (action) => next(action);
  };
}
