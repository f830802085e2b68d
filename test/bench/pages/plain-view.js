/** The pictures in plain DOM: `textContent`, once a frame, of what has changed. */
import { avatars, eventChannels } from '../workload.ts';

/** Answers a function that calls `draw` in the next frame, once, however often it is called. */
function oncePerFrame(draw) {
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      draw();
    });
  };
}

function appendSlots(count) {
  return Array.from({ length: count }, () => {
    const element = document.createElement('span');
    element.dataset.slot = '';
    document.body.append(element, ' ');
    return element;
  });
}

function write(element, text) {
  if (element.textContent === text) return;
  element.textContent = text;
  window.bench.renders += 1;
}

/** Each channel's bar, progress, message and count. Answers a function that takes a channel's payload. */
export function eventsView() {
  const bars = [];
  const slots = eventChannels.map(() => {
    const bar = document.createElement('progress');
    bar.max = 100;
    bar.value = 0;
    document.body.append(bar, ' ');
    bars.push(bar);
    return appendSlots(3);
  });
  const latest = new Map();
  const draw = oncePerFrame(() => {
    for (const [index, { progress, message, count }] of latest) {
      const [percentSlot, messageSlot, countSlot] = slots[index];
      bars[index].value = progress;
      write(percentSlot, `${Math.floor(progress)}%`);
      write(messageSlot, message);
      write(countSlot, String(count));
    }
    latest.clear();
  });
  return (index, payload) => {
    latest.set(index, payload);
    draw();
  };
}

/** Who came first, and how many more there are. Answers the members to change, and what to call then. */
export function presenceView() {
  const slots = appendSlots(avatars);
  const [more] = appendSlots(1);
  /** Names by id. */
  const members = new Map();
  const draw = oncePerFrame(() => {
    const shown = members.entries();
    for (const slot of slots) {
      const [id = '', name = ''] = shown.next().value ?? [];
      slot.dataset.memberId = id;
      slot.title = name;
      write(slot, initials(name));
    }
    const rest = members.size - slots.length;
    write(more, rest > 0 ? `+${rest.toLocaleString('en')}` : '');
  });
  return { members, draw };
}

function initials(name) {
  return name
    .split(' ')
    .map((word) => word[0])
    .join('');
}
