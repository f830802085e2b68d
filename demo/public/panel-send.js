/** Any event, with any JSON, to any channel: through the server, or to the other members as a client event. */
import { readyEvents } from './ready-events.js';

export function offerSending({ controller, panel, find, me, role, people }) {
  const [ready, channel, event, payload, sent] = ['ready', 'channel', 'event', 'payload', 'sent'].map(find);
  const events = readyEvents(me);

  for (const [name, entries] of Object.entries(Object.groupBy(events, ({ group }) => group))) {
    const group = document.createElement('optgroup');
    group.label = name;
    group.append(...entries.map((entry) => new Option(entry.label, String(events.indexOf(entry)))));
    ready.append(group);
  }
  const fill = () => {
    const chosen = events[ready.value];
    channel.value = chosen.channel;
    event.value = chosen.event;
    payload.value = JSON.stringify(chosen.data, null, 2);
  };
  ready.addEventListener('change', fill);
  fill();

  const others = role === 'teacher' ? people.filter(({ id }) => id !== me) : [];
  const names = [`private-user-${me}`, 'presence-class-1', 'private-class-1', 'public-announcements'];
  panel
    .querySelector('#panel-channels')
    .append(
      ...[...names, ...others.map(({ id }) => `private-user-${id}`)].map((name) => new Option(name, name)),
    );
  find('rule').textContent = `You may send to yourself, to class 1 and to public channels${
    role === 'teacher' ? ', and as the teacher to each of your students' : ''
  }.`;

  panel.querySelector('.panel-send').addEventListener('submit', async (submit) => {
    submit.preventDefault();
    sent.textContent = 'Sending…';
    const result = await send(controller, channel.value.trim(), event.value.trim(), payload.value);
    sent.textContent = result.text;
    sent.classList.toggle('failed', result.failed);
  });
}

async function send(controller, channel, event, json) {
  let data;
  try {
    data = json.trim() === '' ? {} : JSON.parse(json);
  } catch (error) {
    return { text: `This is no JSON: ${error.message}`, failed: true };
  }
  const { fate, eventId, error } = await controller.send(event, data, { channel });
  if (error) return { text: `${error.message} ${error.hint}`, failed: true };
  return { text: eventId ? `Accepted as ${eventId.slice(0, 8)}` : `It is ${fate}`, failed: false };
}
