/** Presence: a list of the people on a channel, with who comes and goes. */
import type { Member, RealtimeController, Undo } from 'realtime-elements';

/** Keeps a `<ul>` in step with a presence channel until the undo is called. */
export function listMembers(controller: RealtimeController, channel: string, list: HTMLElement): Undo {
  const leave = controller.hold(channel);
  const roster = controller.presence(channel);
  const show = () => {
    const { members, stale } = roster.snapshot;
    // The list stays through a drop; it only says that it is what was last known.
    list.toggleAttribute('data-stale', stale);
    list.replaceChildren(...members.map(entry));
  };
  const undos = [leave, roster.changes.subscribe(show)];
  show();
  return () => {
    for (const undo of undos) undo();
  };
}

function entry({ info, isMe, status }: Member): HTMLElement {
  const item = document.createElement('li');
  // Somebody who has just left is `offline` for a moment, so that a reload does not make the list blink.
  item.dataset.status = status;
  item.textContent = isMe ? `${info.name} (you)` : info.name;
  return item;
}
