import type { Undo } from '../core/observable.js';
import type { RealtimeController } from '../core/realtime-controller.js';

/**
 * Calls back when somebody else, or nobody, is signed in: nothing that the last user saw may stay on the
 * page. Answers what follows a controller; whom the last one knew is remembered.
 */
export function userWatch(onForeign: () => void): (controller: RealtimeController) => Undo {
  let user: string | undefined;
  return (controller) => {
    const look = () => {
      const { userId } = controller.identity;
      // Until the token has come, nobody knows whose page it is.
      const isForeign = user !== undefined && user !== userId;
      user = userId;
      if (isForeign) onForeign();
    };
    look();
    return controller.subscribe(look);
  };
}
