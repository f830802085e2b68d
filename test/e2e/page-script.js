/**
 * Runs in every page before its own scripts. Keeps a diary of what a person could have seen, with the
 * time, and counts sockets. Text, not a function: what runs in the page must not be compiled on the way.
 */
window.e2e = {
  sockets: 0,
  closed: 0,
  /** What the page's policy forbade. */
  violations: [],
  /** What was thrown, and what nobody caught. */
  thrown: [],
  /** Entries `{at, value}`, one for each change. */
  diary: {},

  /** Writes down what `read` answers, now and whenever the element or its shadow tree changes. */
  watch(name, selector, read) {
    const element = document.querySelector(selector);
    const entries = [];
    this.diary[name] = entries;
    const look = () => {
      const value = read(element);
      if (JSON.stringify(value) !== JSON.stringify(entries.at(-1)?.value))
        entries.push({ at: Date.now(), value });
    };
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    const observer = new MutationObserver(look);
    observer.observe(element, { attributes: true });
    observer.observe(element.shadowRoot, everything);
    look();
  },
};

document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
  window.e2e.violations.push(`${violatedDirective} ${blockedURI} ${sample}`);
});

for (const type of ['error', 'unhandledrejection']) {
  window.addEventListener(type, ({ message, reason }) => window.e2e.thrown.push(message ?? String(reason)));
}

window.WebSocket = class extends window.WebSocket {
  constructor(...args) {
    super(...args);
    window.e2e.sockets += 1;
    this.addEventListener('close', () => {
      window.e2e.closed += 1;
    });
  }
};
