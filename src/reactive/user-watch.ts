import type { IdentitySnapshot } from '../core/identity.js';
import type { Undo } from '../core/observable.js';
import type { RealtimeController } from '../core/realtime-controller.js';

/**
 * Calls back when somebody else, or nobody, is signed in: nothing that the last user saw may stay on the
 * page. Answers what follows a controller; whom the last one knew is remembered.
 */
export function userWatch(onForeign: () => void): (controller: RealtimeController) => Undo {
  let watched: RealtimeController | undefined;
  let before: IdentitySnapshot | undefined;
  return (controller) => {
    const look = () => {
      const { identity } = controller;
      const user = before?.userId;
      const isForeign =
        // Until the token has come, nobody knows whose page it is.
        (user !== undefined && user !== identity.userId) ||
        // Each controller counts for itself.
        (controller === watched && before?.departures !== identity.departures);
      watched = controller;
      before = identity;
      if (isForeign) onForeign();
    };
    look();
    return controller.subscribe(look);
  };
}
