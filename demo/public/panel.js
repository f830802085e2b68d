/** The control panel: try everything by hand, on the page's own controller. */
import { showLog } from './panel-log.js';
import { offerSending } from './panel-send.js';
import { showState } from './panel-state.js';
import { get, post } from './session.js';

const panel = document.querySelector('.panel');
const { me, role, people: peopleJson } = document.body.dataset;
const people = JSON.parse(peopleJson);
const find = (name) =>
  panel.querySelector(`[data-field="${name}"], [data-show="${name}"], [data-do="${name}"]`);

offerWindows();
find('toggle').addEventListener('click', ({ currentTarget }) => {
  const isOpen = document.body.toggleAttribute('data-panel-closed') === false;
  currentTarget.setAttribute('aria-expanded', String(isOpen));
  currentTarget.textContent = isOpen ? 'Hide' : 'Control panel';
});

window.realtimeElements ??= [];
window.realtimeElements.push((controller) => {
  for (const action of ['connect', 'disconnect', 'retry']) {
    find(action).addEventListener('click', () => controller[action]());
  }
  offerFaults();
  offerSending({ controller, panel, find, me, role, people });
  showState({ controller, panel, find });
  showLog({ controller, find });
});

function offerWindows() {
  const select = find('person');
  for (const { id, name } of people) {
    if (id !== me) select.add(new Option(`As ${name}`, id));
  }
  find('open').addEventListener('click', () => {
    window.open(`/?user=${select.value}`, `person-${select.value}`, 'popup,width=760,height=820');
  });
}

/** The emulator plays trouble; a real engine cannot be asked for it. */
function offerFaults() {
  const note = find('fault');
  const buttons = [...panel.querySelectorAll('[data-fault]')];
  const show = ({ canFail, refusing, engine }) => {
    for (const button of buttons) {
      button.disabled = !canFail || (button.dataset.fault === 'accept' && !refusing);
    }
    note.textContent = canFail
      ? refusing
        ? 'New connections are refused, for everybody, until they are accepted again.'
        : `Events go through ${engine}.`
      : `Events go through ${engine}; only the emulator can cut and refuse.`;
  };
  for (const button of buttons) {
    button.addEventListener('click', async () => {
      try {
        show(await post('/demo/faults', { action: button.dataset.fault }));
      } catch (error) {
        note.textContent = error.message;
      }
    });
  }
  get('/demo/faults').then(show, (error) => {
    note.textContent = error.message;
  });
}
