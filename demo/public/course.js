/** The course page's own script. The elements need none of it: it renews the token, and asks the backend. */
import { currentToken, post } from './session.js';

// A queue until the kit has come, then the kit: either takes a callback.
window.realtimeElements ??= [];
window.realtimeElements.push((controller) => controller.identify(currentToken));

for (const button of document.querySelectorAll('[data-post]')) {
  const said = button.parentElement.querySelector('.said');
  button.addEventListener('click', () =>
    ask(button, said, () => post(button.dataset.post), button.dataset.done),
  );
}

const form = document.querySelector('.ask');
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const topic = new FormData(form).get('topic');
  const request = { type: 'practice sheet', subject: 'Coastal Navigation', topic };
  ask(
    form.querySelector('button'),
    form.querySelector('.said'),
    () => post('/content/generate', request),
    '',
  );
});

/** Does something that takes a moment, and says how it went. */
async function ask(button, said, action, done) {
  button.disabled = true;
  said.classList.remove('failed');
  try {
    await action();
    said.textContent = done;
  } catch (error) {
    said.classList.add('failed');
    said.textContent = error.message;
  } finally {
    button.disabled = false;
  }
}
