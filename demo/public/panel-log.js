/** What happens, as it happens: events of every channel held, changes of the connection, and errors. */

/** Lines that are kept; the oldest goes first. */
const size = 200;

export function showLog({ controller, find }) {
  const [list, filter, pause, clear] = ['log', 'filter', 'pause', 'clear'].map(find);
  const isPaused = () => pause.getAttribute('aria-pressed') === 'true';
  const matches = (line) => line.dataset.text.includes(filter.value.trim().toLowerCase());

  const add = (kind, title, detail, data) => {
    if (isPaused()) return;
    const line = makeLine(kind, title, detail, data);
    line.hidden = !matches(line);
    list.prepend(line);
    if (list.childElementCount > size) list.lastElementChild.remove();
  };

  controller.listen({
    id: 'control-panel',
    channel: '*',
    event: '*',
    callback: ({ channel, event, data }) => add('event', event, channel, data),
  });
  let { status } = controller;
  add('status', status, 'connection');
  controller.subscribe(() => {
    if (controller.status === status) return;
    status = controller.status;
    add('status', status, controller.reason ?? 'connection');
  });
  document.addEventListener('realtime-error', ({ error }) => add('error', error.code, error.message));

  filter.addEventListener('input', () => {
    for (const line of list.children) line.hidden = !matches(line);
  });
  pause.addEventListener('click', () => {
    pause.setAttribute('aria-pressed', String(!isPaused()));
    pause.textContent = isPaused() ? 'Go on' : 'Pause';
  });
  clear.addEventListener('click', () => list.replaceChildren());
}

function makeLine(kind, title, detail, data) {
  const line = document.createElement('li');
  line.className = kind;
  const json = data === undefined ? '' : JSON.stringify(data, null, 2);
  line.dataset.text = `${title} ${detail} ${json}`.toLowerCase();

  const time = document.createElement('time');
  time.textContent = new Date().toLocaleTimeString('en-GB');
  const name = document.createElement('b');
  name.textContent = title;
  const where = document.createElement('span');
  where.textContent = detail;
  if (!json) {
    line.append(time, name, where);
    return line;
  }
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  const body = document.createElement('pre');
  body.textContent = json;
  summary.append(time, name, where);
  details.append(summary, body);
  line.append(details);
  return line;
}
