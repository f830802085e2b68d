import { RealtimeConsumer, type RealtimeHost } from '../reactive/realtime-consumer.js';

/** Calls back when somebody else, or nobody, is signed in: nothing that the last user saw may stay on the page. */
export function whenUserChanges(host: RealtimeHost, callback: () => void): void {
  let user: string | undefined;
  new RealtimeConsumer(host, (controller) => {
    const look = () => {
      const { userId } = controller.identity;
      if (user !== undefined && user !== userId) callback();
      user = userId;
    };
    look();
    return controller.subscribe(look);
  });
}
