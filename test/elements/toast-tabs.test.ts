import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { defineElement } from '../../src/elements/define.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import { Tabs } from '../../src/elements/tabs.js';
import { fixedController } from '../../src/testing.js';
import { eventually, heard, mount, parts, textOf } from './page.js';

defineElement('notification-toast', NotificationToastElement);

const name = 'realtime-elements:test';

/** Pretends that nobody sees the page, or that somebody does, as the browser would say it. */
function setVisibility(state: DocumentVisibilityState): void {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Another tab of the site, reduced to its answers: to the first question, the second, … */
function otherTab(...answers: number[]): () => void {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }) => {
    const seenAt = answers.length > 1 ? answers.shift() : answers[0];
    if (data.ask) channel.postMessage({ to: data.ask, seenAt, id: 'other' });
  });
  return () => channel.close();
}

describe('the tabs of a site', () => {
  const ends: (() => void)[] = [];
  const start = (id?: string) => {
    const tabs = new Tabs(name, id);
    tabs.hostConnected();
    ends.push(() => tabs.hostDisconnected());
    return tabs;
  };
  afterEach(() => {
    for (const end of ends.splice(0)) end();
    Reflect.deleteProperty(document, 'visibilityState');
  });

  it('let a visible one speak at once', () => {
    expect(start().isSpeaker()).to.equal(true);
  });

  it('let a hidden one speak when it is alone', async () => {
    const tabs = start();
    setVisibility('hidden');
    expect(await tabs.isSpeaker()).to.equal(true);
  });

  it('keep a hidden one silent while another is seen', async () => {
    const tabs = start();
    ends.push(otherTab(Number.POSITIVE_INFINITY));
    setVisibility('hidden');
    expect(await tabs.isSpeaker()).to.equal(false);
  });

  it('let the one speak that was seen last', async () => {
    const tabs = start();
    ends.push(otherTab(Date.now() - 60_000));
    setVisibility('hidden');
    expect(await tabs.isSpeaker()).to.equal(true);
    ends.push(otherTab(Date.now() + 60_000));
    expect(await tabs.isSpeaker()).to.equal(false);
  });

  it('know when they were seen last also where the element was made anew since', async () => {
    start();
    setVisibility('hidden');
    for (const end of ends.splice(0)) end();
    const tabs = start();
    ends.push(otherTab(Date.now() - 60_000));
    expect(await tabs.isSpeaker()).to.equal(true);
  });

  it('never let two speak that were seen at the same moment', async () => {
    const [one, two] = [start('one'), start('two')];
    setVisibility('hidden');
    const speakers = await Promise.all([one.isSpeaker(), two.isSpeaker()]);
    expect(speakers.filter(Boolean)).to.have.length(1);
  });

  it('let each element speak of a page that is alone', async () => {
    const elements = [start(), start()];
    setVisibility('hidden');
    expect(await Promise.all(elements.map((tabs) => tabs.isSpeaker()))).to.deep.equal([true, true]);
  });

  it('take no late answer to one question for an answer to the next, nor anything odd for an answer', async () => {
    const tabs = start();
    const channel = new BroadcastChannel(name);
    ends.push(() => channel.close());
    const asked: string[] = [];
    channel.addEventListener('message', ({ data }) => {
      asked.push(data.ask);
      channel.postMessage(null);
      channel.postMessage({ seenAt: Number.POSITIVE_INFINITY, id: 'other' });
      // Whoever was looked at then is not any more.
      if (asked.length > 1)
        channel.postMessage({ to: asked[0], seenAt: Number.POSITIVE_INFINITY, id: 'other' });
    });
    setVisibility('hidden');
    expect(await tabs.isSpeaker()).to.equal(true);
    expect(await tabs.isSpeaker()).to.equal(true);
    expect(asked).to.have.length(2);
  });

  it('ask once for a burst', async () => {
    const tabs = start();
    let asked = 0;
    const channel = new BroadcastChannel(name);
    channel.addEventListener('message', ({ data }) => {
      if (data.ask) asked += 1;
    });
    ends.push(() => channel.close());
    setVisibility('hidden');
    await Promise.all(Array.from({ length: 100 }, () => tabs.isSpeaker()));
    expect(asked).to.equal(1);
  });

  it('ask anew when they were looked at since, so that nothing is lost by switching to and fro', async () => {
    const tabs = start();
    ends.push(otherTab(Number.POSITIVE_INFINITY, 0));
    setVisibility('hidden');
    const before = tabs.isSpeaker();
    setVisibility('visible');
    setVisibility('hidden');
    expect(await Promise.all([before, tabs.isSpeaker()])).to.deep.equal([false, true]);
  });

  it('ask anew soon, while they still wait for the answer, for whoever was seen then may be gone', async () => {
    const tabs = start();
    ends.push(otherTab(Number.POSITIVE_INFINITY, 0));
    setVisibility('hidden');
    const before = tabs.isSpeaker();
    const { now } = Date;
    ends.push(() => {
      Date.now = now;
    });
    Date.now = () => now() + 200;
    expect(await Promise.all([before, tabs.isSpeaker()])).to.deep.equal([false, true]);
  });

  it('close their channel for the back/forward cache, and open it again', async () => {
    const tabs = start();
    ends.push(otherTab(Number.POSITIVE_INFINITY));
    setVisibility('hidden');
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    expect(tabs.isSpeaker()).to.equal(true);
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    expect(await tabs.isSpeaker()).to.equal(false);
  });
});

describe('a toast that waits for the answer of other tabs', () => {
  afterEach(() => {
    Reflect.deleteProperty(document, 'visibilityState');
  });

  it('does not come any more when all were taken away meanwhile', async () => {
    const controller = fixedController();
    const element = await mount<NotificationToastElement>(
      controller,
      html`<notification-toast channel="news" duration="0"></notification-toast>`,
    );
    setVisibility('hidden');
    const shown = heard(element, 'notification-shown');
    controller.emit('news', 'notification', { title: 'Before' });
    element.clear();
    controller.emit('news', 'notification', { title: 'After' });
    await shown;
    await eventually(() => parts(element, 'toast').length > 0);
    expect(textOf(element, 'title')).to.equal('After');
  });
});
