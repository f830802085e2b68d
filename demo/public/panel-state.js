/** Status, statistics and the channels that the page holds. */

export function showState({ controller, panel, find }) {
  const showStatus = () => {
    const { status, reason } = controller.getSnapshot();
    const output = find('status');
    output.textContent = status;
    output.dataset.status = status;
    output.title = reason ?? '';
  };
  const showChannels = () => {
    const { channels } = controller.getSnapshot();
    find('channel-count').textContent = channels.length || '';
    find('channels').replaceChildren(
      ...channels.map(({ name, status, holders }) =>
        row(name, `${status}, held by ${holders}`, leave.get(name)),
      ),
    );
  };
  const showStatistics = () => {
    const { stats } = controller;
    const { latency } = stats;
    const figures = {
      Connected: duration(stats.connectedAt && Date.now() - stats.connectedAt),
      'Uptime in all': duration(stats.uptimeMs),
      Reconnections: stats.reconnections,
      'Last activity': stats.lastActivityAt ? `${duration(Date.now() - stats.lastActivityAt)} ago` : 'none',
      Received: stats.messagesReceived,
      Sent: stats.messagesSent,
      Latency: milliseconds(latency.last),
      'Mean, jitter': `${milliseconds(latency.mean)}, ${milliseconds(latency.jitter)}`,
      Listeners: controller.listeners().length,
      Channels: controller.channels.length,
    };
    find('stats').replaceChildren(
      ...Object.entries(figures).flatMap(([name, figure]) => [
        element('dt', name),
        element('dd', String(figure)),
      ]),
    );
  };

  /** Undo functions of the channels that were joined here, by name. */
  const leave = new Map();
  panel.querySelector('.panel-join').addEventListener('submit', (submit) => {
    submit.preventDefault();
    const name = find('join').value.trim();
    if (!leave.has(name)) {
      const release = controller.hold(name);
      leave.set(name, () => {
        leave.delete(name);
        release();
        showChannels();
      });
    }
    submit.currentTarget.reset();
    showChannels();
  });

  const statistics = find('stats').closest('details');
  statistics.addEventListener('toggle', () => {
    if (statistics.open) controller.measureLatency();
    showStatistics();
  });
  setInterval(() => {
    if (statistics.open && !document.hidden) showStatistics();
  }, 1_000);

  const show = () => {
    showStatus();
    showChannels();
  };
  controller.subscribe(show);
  show();
}

/** One channel, with a button when it was joined here. */
function row(name, text, onLeave) {
  const item = element('li', '');
  item.append(element('code', name), element('span', text));
  if (onLeave) {
    const button = element('button', 'Leave');
    button.type = 'button';
    button.addEventListener('click', onLeave);
    item.append(button);
  }
  return item;
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function milliseconds(value) {
  return value === undefined ? '–' : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function duration(ms) {
  if (!ms) return '–';
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
