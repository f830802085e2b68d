/**
 * Runs in every page before anything else: counts, clocks and reads the picture, the same for every
 * variant, and costs each the same.
 */
(() => {
  const NativeSocket = window.WebSocket;
  const sockets = [];
  window.WebSocket = class extends NativeSocket {
    constructor(...parameters) {
      super(...parameters);
      sockets.push(this);
    }
  };

  const slot = (element, part) =>
    element.shadowRoot?.querySelector(`[part="${part}"]`)?.textContent.trim() ?? '';

  const pictures = {
    events() {
      const plain = [...document.querySelectorAll('[data-slot]')].map((element) => element.textContent);
      if (plain.length > 0) return plain;
      return [...document.querySelectorAll('progress-tracker, realtime-badge')].flatMap((element) =>
        element.localName === 'progress-tracker'
          ? [slot(element, 'value'), slot(element, 'message')]
          : [slot(element, 'value')],
      );
    },
    presence() {
      const kit = document.querySelector('presence-avatars')?.shadowRoot;
      const avatars = (kit ?? document).querySelectorAll(kit ? '[part="avatar"]' : '[data-slot]');
      const more = kit?.querySelector('[part="more"]');
      return [...avatars, ...(more ? [more] : [])]
        .filter(({ dataset }) => dataset.status !== 'offline')
        .map(({ dataset, textContent }) => dataset.memberId || textContent.trim())
        .filter(Boolean);
    },
    /** Who is shown as being there, whatever else is on the screen. */
    present: () => pictures.presence().filter((text) => !text.startsWith('+')),
  };

  const bench = {
    renders: 0,
    /** Milliseconds beyond the first fifty of each long task. */
    blockingMs: 0,
    /** The most renders of one element in one frame. */
    rendersPerFrame: 0,

    /** Resolves with the first frame in which the picture is this one; with a pace, looks no more often. */
    until(scene, expected, everyMs) {
      const wanted = JSON.stringify(expected);
      return new Promise((resolve) => {
        const look = () => {
          if (JSON.stringify(pictures[scene]()) === wanted) resolve(performance.now());
          else if (everyMs) setTimeout(look, everyMs);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },

    picture: (scene) => pictures[scene](),

    /** Notes when the first and the last of so many messages came in. */
    countMessages(total) {
      let count = 0;
      bench.firstAt = undefined;
      bench.lastAt = undefined;
      const counted = () => {
        count += 1;
        if (count === 1) bench.firstAt = performance.now();
        if (count === total) {
          bench.lastAt = performance.now();
          for (const socket of sockets) socket.removeEventListener('message', counted);
        }
      };
      for (const socket of sockets) socket.addEventListener('message', counted);
    },

    /** Counts every render of the kit's elements from here on. */
    countRenders(tag) {
      let owner = customElements.get(tag).prototype;
      while (!Object.hasOwn(owner, 'performUpdate')) owner = Object.getPrototypeOf(owner);
      const { performUpdate } = owner;
      const seen = new WeakMap();
      owner.performUpdate = function () {
        if (this.isUpdatePending) {
          bench.renders += 1;
          const frame = document.timeline.currentTime;
          const before = seen.get(this);
          const times = before?.frame === frame ? before.times + 1 : 1;
          seen.set(this, { frame, times });
          bench.rendersPerFrame = Math.max(bench.rendersPerFrame, times);
        }
        return performUpdate.call(this);
      };
    },
  };

  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) bench.blockingMs += Math.max(0, duration - 50);
  }).observe({ type: 'longtask', buffered: true });

  /** What is painted is known a frame later. */
  const painted = (note) => requestAnimationFrame(() => requestAnimationFrame(() => note(performance.now())));
  const inKit = (tag, selector) => document.querySelector(tag)?.shadowRoot?.querySelector(selector);
  const watchStart = () => {
    const status =
      inKit('connection-status', '[part="label"] span') ?? document.querySelector('[data-status]');
    if (status && bench.firstPaintedAt === undefined) {
      bench.firstPaintedAt = 0;
      painted((at) => {
        bench.firstPaintedAt = at;
      });
    }
    if (status?.textContent === 'Live') {
      painted((at) => {
        bench.connectedPaintedAt = at;
      });
    } else requestAnimationFrame(watchStart);
  };
  // On any other page it would look for ever, and a page that is asked for frames draws them.
  if (location.pathname.startsWith('/start-')) requestAnimationFrame(watchStart);

  window.bench = bench;
})();
