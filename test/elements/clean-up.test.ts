/** An element that was removed leaves nothing: no hold, no listener, no timer. */
import { expect, nextFrame } from '@open-wc/testing';
import { html, type LitElement, type TemplateResult } from 'lit';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import { RealtimeBadgeElement } from '../../src/elements/realtime-badge.js';
import { fixedController } from '../../src/testing.js';
import { eventually, mount, part, parts } from './page.js';

defineElement('connection-status', ConnectionStatusElement);
defineElement('presence-avatars', PresenceAvatarsElement);
defineElement('notification-toast', NotificationToastElement);
defineElement('progress-tracker', ProgressTrackerElement);
defineElement('realtime-badge', RealtimeBadgeElement);

const channel = 'private-user-1';
const presence = 'presence-class-1';

const elements: Record<string, TemplateResult> = {
  'connection-status': html`<connection-status></connection-status>`,
  'presence-avatars': html`<presence-avatars channel=${presence} max="1"></presence-avatars>`,
  'notification-toast': html`<notification-toast channel=${channel}></notification-toast>`,
  'progress-tracker': html`<progress-tracker channel=${channel}></progress-tracker>`,
  'realtime-badge': html`<realtime-badge channel=${channel} kind="unread"></realtime-badge>`,
};

/** Counts what is listened to on the page, and the timers that run. */
function watchPage() {
  const listeners = new Map<string, number>();
  const intervals = new Set<unknown>();
  const timeouts = new Set<unknown>();
  const undos = [window, document].map((target) => {
    const { addEventListener: add, removeEventListener: remove } = target;
    const heard = new Map<string, Set<unknown>>();
    const note = (type: string, change: (set: Set<unknown>) => void) => {
      const set = heard.get(type) ?? new Set();
      change(set);
      heard.set(type, set);
      listeners.set(`${target === window ? 'window' : 'document'} ${type}`, set.size);
    };
    target.addEventListener = (type: string, listener: never, options?: never) => {
      note(type, (set) => set.add(listener));
      add.call(target, type, listener, options);
    };
    target.removeEventListener = (type: string, listener: never, options?: never) => {
      note(type, (set) => set.delete(listener));
      remove.call(target, type, listener, options);
    };
    return () => {
      target.addEventListener = add;
      target.removeEventListener = remove;
    };
  });
  const { setInterval: start, clearInterval: stop } = window;
  window.setInterval = ((...given: Parameters<typeof start>) => {
    const timer = start(...given);
    intervals.add(timer);
    return timer;
  }) as typeof start;
  window.clearInterval = ((timer: number) => {
    intervals.delete(timer);
    stop(timer);
  }) as typeof stop;
  const { setTimeout: wait, clearTimeout: forget } = window;
  window.setTimeout = ((callback: () => void, delayMs?: number) => {
    const timer = wait(() => {
      timeouts.delete(timer);
      callback();
    }, delayMs);
    timeouts.add(timer);
    return timer;
  }) as typeof wait;
  window.clearTimeout = ((timer: number) => {
    timeouts.delete(timer);
    forget(timer);
  }) as typeof forget;
  return {
    // The page's memory of early requests for a provider is the document's own, and listens once.
    left: () =>
      [...listeners]
        .filter(([name, count]) => count > (name.startsWith('document context-') ? 1 : 0))
        .map(([name]) => name),
    intervals,
    timeouts,
    end() {
      for (const undo of undos) undo();
      window.setInterval = start;
      window.clearInterval = stop;
      window.setTimeout = wait;
      window.clearTimeout = forget;
    },
  };
}

describe('a removed element', () => {
  for (const [tag, content] of Object.entries(elements)) {
    it(`leaves nothing: <${tag}>`, async () => {
      const page = watchPage();
      try {
        const controller = fixedController({ members: { [presence]: [{ id: '1' }, { id: '2' }] } });
        const element = await mount(controller, content);
        controller.emit(channel, 'notification', { message: 'Hello' });
        controller.emit(channel, 'progress.updated', { taskId: 't', progress: 10 });
        // As busy as it gets: with its popover open, and with what it fetches there.
        await eventually(() => tag !== 'notification-toast' || parts(element, 'toast').length === 1);
        await eventually(() => tag !== 'progress-tracker' || parts(element, 'task').length === 1);
        part(element, 'trigger')?.click();
        part(element, 'more')?.click();
        await eventually(() => tag !== 'connection-status' || page.intervals.size === 1);
        element.remove();
        await element.updateComplete;
        expect(controller.listeners()).to.deep.equal([]);
        expect([
          controller.holders(),
          controller.holders(channel),
          controller.holders(presence),
        ]).to.deep.equal([0, 0, 0]);
        expect(page.intervals.size).to.equal(0);
        expect(page.left()).to.deep.equal([]);
        // A frame's worth of them may still be on its way; what a toast is seen for may not.
        await nextFrame();
        await nextFrame();
        expect(page.timeouts.size).to.equal(0);
      } finally {
        page.end();
      }
    });
  }

  for (const [tag, content] of Object.entries(elements)) {
    it(`leaves nothing either when it is told of another channel in the same moment: <${tag}>`, async () => {
      const controller = fixedController();
      const element = await mount<LitElement>(controller, content);
      element.setAttribute('channel', 'private-user-2');
      element.remove();
      await element.updateComplete;
      expect(controller.listeners()).to.deep.equal([]);
      expect([controller.holders(), controller.holders('private-user-2')]).to.deep.equal([0, 0]);
    });
  }

  it('leaves nothing either when the page removes it at the moment at which it says its status', async () => {
    const controller = fixedController();
    const { parentElement: provider } = await mount(controller, html`<p></p>`);
    const element = document.createElement('connection-status');
    element.addEventListener('status-changed', () => element.remove());
    provider!.append(element);
    expect(element.isConnected).to.equal(false);
    expect(controller.holders()).to.equal(0);
  });

  it('leaves nothing either when the page has moved it at that moment', async () => {
    const controller = fixedController();
    const first = await mount(controller, html`<p></p>`);
    const element = document.createElement('connection-status');
    element.addEventListener('status-changed', () => first.append(element), { once: true });
    first.after(element);
    expect(element.parentElement).to.equal(first);
    expect(controller.holders()).to.equal(1);
    element.remove();
    expect(controller.holders()).to.equal(0);
  });

  for (const [which, index] of [
    ['it', 0],
    ['another', 1],
  ] as const) {
    it(`has no good news any more when the page removes it as ${which} says that the connection is back`, async () => {
      const controller = fixedController({ status: 'reconnecting', lost: true });
      const first = await mount<ConnectionStatusElement>(
        controller,
        html`<connection-status></connection-status><connection-status></connection-status>`,
      );
      const provider = first.parentElement!;
      const removed = provider.children[index] as ConnectionStatusElement;
      await eventually(() => removed.lost);
      const page = watchPage();
      try {
        first.addEventListener('status-changed', () => removed.remove());
        controller.set({ status: 'connected', lost: false });
        expect(removed.isConnected).to.equal(false);
        await removed.updateComplete;
        // What is left has its good news, as long as it is there.
        provider.remove();
        await nextFrame();
        await nextFrame();
        expect(page.timeouts.size).to.equal(0);
      } finally {
        page.end();
      }
    });
  }

  it('takes up again what it left when it comes back', async () => {
    const controller = fixedController();
    const element = await mount(controller, elements['progress-tracker']!);
    const provider = element.parentElement!;
    element.remove();
    provider.append(element);
    expect(controller.holders(channel)).to.equal(1);
    controller.emit(channel, 'progress.updated', { taskId: 't', progress: 10 });
    await eventually(() => parts(element, 'task').length === 1);
  });
});

/** Chromium's, where the tests run: what nothing holds is gone once it was called. */
const { gc } = globalThis as { gc?: () => void };

describe('what had the focus before', () => {
  if (!gc) return;

  /** Gives a part of the page the focus, lets somebody go elsewhere and come back, and takes that part away. */
  async function visit(leave: () => Promise<unknown>): Promise<WeakRef<Element>> {
    const page = document.createElement('div');
    page.innerHTML = '<input>';
    document.body.append(page);
    (page.firstElementChild as HTMLElement).focus();
    await leave();
    page.remove();
    // A browser holds what had the focus last itself.
    const other = document.body.appendChild(document.createElement('input'));
    other.focus();
    other.remove();
    return new WeakRef(page);
  }
  const isFreed = (page: WeakRef<Element>) => {
    gc();
    return page.deref() === undefined;
  };

  it('is not kept in memory by a bar whose button had it', async () => {
    const controller = fixedController({ status: 'reconnecting', lost: true });
    const element = await mount(controller, html`<connection-status variant="bar"></connection-status>`);
    const page = await visit(async () => {
      (await eventually(() => part(element, 'retry'))).focus();
      controller.set({ status: 'connected', lost: false });
      await eventually(() => !part(element, 'retry'));
    });
    await eventually(() => isFreed(page));
  });

  it('is not kept in memory by toasts that had it', async () => {
    const element = await mount<NotificationToastElement>(
      fixedController(),
      html`<notification-toast></notification-toast>`,
    );
    element.show({ title: 'Saved' });
    await eventually(() => part(element, 'toast'));
    const page = await visit(async () => {
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'F8', cancelable: true }));
      expect(document.activeElement === element).to.equal(true);
      part(element, 'close')!.click();
      await eventually(() => !part(element, 'toast'));
    });
    await eventually(() => isFreed(page));
  });
});
