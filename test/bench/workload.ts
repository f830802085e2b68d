/** What is sent, and what every variant has to show of it. Shared by the server and the measuring side. */

/** The key of the emulator's app. */
export const appKey = 'emulator-key';
export const eventChannels = Array.from({ length: 10 }, (_, index) => `course-${index}`);
export const eventName = 'progress.updated';
export const presenceChannel = 'presence-bench';
/** Bytes of each event's data. */
export const eventBytes = 200;
/** Avatars that are shown; the rest is a number. */
export const avatars = 5;

/** Progress grows slowly enough that no task ends within a page's life. */
const eventsPerPercent = 125;

/** The event with this running number, over the channels in turn. */
export function eventOf(index: number): { channel: string; event: string; data: string } {
  const step = Math.floor(index / eventChannels.length);
  const payload = {
    taskId: 'sheet',
    progress: step / eventsPerPercent,
    status: 'running',
    message: messageOf(step),
    count: countOf(step),
    note: '',
  };
  payload.note = 'x'.repeat(eventBytes - JSON.stringify(payload).length);
  return {
    channel: eventChannels[index % eventChannels.length]!,
    event: eventName,
    data: JSON.stringify(payload),
  };
}

/** What is to be seen after so many events: for each channel its progress, its message and its count. */
export function pictureAfter(events: number): string[] {
  const step = events / eventChannels.length - 1;
  return eventChannels.flatMap(() => [
    `${Math.floor(step / eventsPerPercent)}%`,
    messageOf(step),
    String(countOf(step)),
  ]);
}

/** Person 0 reads the page. In the order of names as in that of coming: either is an order to show. */
export function memberOf(index: number): { user_id: string; user_info: { name: string } } {
  const number = String(index).padStart(5, '0');
  return { user_id: `u-${number}`, user_info: { name: index === 0 ? 'Me Myself' : `Person Nr${number}` } };
}

/**
 * What is to be seen with so many people beside the reader: who came first, and how many more.
 * @param before How many had come and gone already.
 */
export function pictureWith(people: number, before = 0): string[] {
  const shown = Math.min(avatars, people + 1);
  const rest = people + 1 - shown;
  return [
    ...Array.from({ length: shown }, (_, index) => memberOf(index === 0 ? 0 : before + index).user_id),
    ...(rest > 0 ? [`+${rest.toLocaleString('en')}`] : []),
  ];
}

function messageOf(step: number): string {
  return `Step ${step}`;
}

function countOf(step: number): number {
  return step % 1_000;
}
