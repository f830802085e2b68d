/** Sending with an acknowledgement: the sender knows that somebody has the message. */
import type { RealtimeController, Undo } from 'realtime-elements';

/** What the sender is told, step by step and in the end. */
const words = {
  queued: 'Waiting',
  sent: 'Sent',
  accepted: 'Sent',
  acknowledged: 'Delivered',
  failed: 'Not sent',
  expired: 'Not sent',
  rejected: 'Not allowed',
  // It left, and nobody answered: never claim that it did not arrive.
  unknown: 'Perhaps delivered',
} as const;

/** Sends a note to the members of a private or presence channel; `tell` hears what becomes of it. */
export async function sendNote(
  controller: RealtimeController,
  channel: string,
  text: string,
  tell: (word: string) => void,
): Promise<boolean> {
  const end = await controller.send(
    'client-note',
    { text },
    { channel, awaitAcknowledgment: true, onFate: ({ fate }) => tell(words[fate]) },
  );
  return end.fate === 'acknowledged';
}

/** The other side: shows notes, and acknowledges each once it is shown. A repeat is heard only once. */
export function receiveNotes(
  controller: RealtimeController,
  channel: string,
  show: (text: string, author: string | undefined) => void,
): Undo {
  return controller.listen({
    channel,
    event: 'client-note',
    callback: ({ data, userId, acknowledge }) => {
      // A message that awaits an answer travels in an envelope; the note is its data.
      const note = (data as { data?: { text?: unknown } } | null)?.data;
      show(String(note?.text ?? ''), userId);
      return acknowledge?.();
    },
  });
}
