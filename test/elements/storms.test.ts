/** Many events at once: at most one render that an event caused in a frame, and the final picture right. */
import { expect, nextFrame } from '@open-wc/testing';
import { html, type LitElement } from 'lit';
import { defineElement } from '../../src/elements/define.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import { RealtimeBadgeElement } from '../../src/elements/realtime-badge.js';
import { type FixedMember, fixedController } from '../../src/testing.js';
import { eventually, mount, parts, textOf } from './page.js';

defineElement('presence-avatars', PresenceAvatarsElement);
defineElement('notification-toast', NotificationToastElement);
defineElement('progress-tracker', ProgressTrackerElement);
defineElement('realtime-badge', RealtimeBadgeElement);

const channel = 'private-user-1';

/** The most renders of an element in one frame, from now on. A frame has one time on the document's clock. */
function watchRenders(element: LitElement): () => { most: number; all: number } {
  const inFrame = new Map<CSSNumberish | null, number>();
  element.addController({
    hostUpdated() {
      const frame = document.timeline.currentTime;
      inFrame.set(frame, (inFrame.get(frame) ?? 0) + 1);
    },
  });
  return () => {
    const counts = [...inFrame.values()];
    return { most: Math.max(...counts), all: counts.reduce((sum, count) => sum + count, 0) };
  };
}

describe('a storm', () => {
  it('of 20,000 progress events costs one render a frame, and ends at the last number', async () => {
    const controller = fixedController();
    const element = await mount<ProgressTrackerElement>(
      controller,
      html`<progress-tracker channel=${channel}></progress-tracker>`,
    );
    controller.emit(channel, 'progress.updated', { taskId: 't', progress: 0 });
    await eventually(() => parts(element, 'task').length === 1);
    await nextFrame();
    const renders = watchRenders(element);
    for (let i = 1; i <= 20_000; i += 1) {
      controller.emit(channel, 'progress.updated', { taskId: 't', progress: (i / 20_000) * 99 });
      if (i % 500 === 0) await nextFrame();
    }
    await eventually(() => textOf(element, 'value') === '99%');
    const { most, all } = renders();
    expect(most).to.equal(1);
    expect(all).to.be.at.most(60);
  });

  it('of 1,000 notifications costs one render a frame, and ends as a number', async () => {
    const controller = fixedController();
    const element = await mount<NotificationToastElement>(
      controller,
      html`<notification-toast channel=${channel} duration="0"></notification-toast>`,
    );
    element.show({ title: 'First' });
    await eventually(() => parts(element, 'toast').length === 1);
    await nextFrame();
    const renders = watchRenders(element);
    for (let i = 1; i <= 1_000; i += 1) {
      controller.emit(channel, 'notification', { message: `Message ${i}` });
      if (i % 50 === 0) await nextFrame();
    }
    await eventually(() => /^9\d\d new$/.test(textOf(element, 'title').split(' | ').at(-1) ?? ''));
    expect(renders().most).to.equal(1);
    expect(parts(element, 'toast')).to.have.length(3);
  });

  it('of 10,000 people coming and going costs one render a frame, and ends with those who are there', async () => {
    const presence = 'presence-class-1';
    const controller = fixedController({ members: { [presence]: [] } });
    const element = await mount<PresenceAvatarsElement>(
      controller,
      html`<presence-avatars channel=${presence} heading="Here"></presence-avatars>`,
    );
    await eventually(() => element.getAttribute('status') === 'live');
    const everyone: FixedMember[] = Array.from({ length: 10_000 }, (_, i) => ({
      id: `${i}`,
      name: `Person ${i}`,
    }));
    const renders = watchRenders(element);
    controller.set({ members: { [presence]: everyone } });
    await eventually(() => textOf(element, 'heading') === 'Here 10,000');
    expect(parts(element, 'avatar')).to.have.length(5);
    expect(textOf(element, 'more')).to.equal('+9,995');
    controller.set({ members: { [presence]: everyone.slice(0, 3) } });
    await eventually(() => textOf(element, 'heading') === 'Here 3');
    expect(parts(element, 'avatar')).to.have.length(3);
    expect(renders().most).to.equal(1);
  });

  it('of 20,000 events costs a badge one render a frame', async () => {
    const controller = fixedController();
    const element = await mount<RealtimeBadgeElement>(
      controller,
      html`<realtime-badge channel=${channel} kind="unread" max="99999"></realtime-badge>`,
    );
    const renders = watchRenders(element);
    for (let i = 1; i <= 20_000; i += 1) {
      controller.emit(channel, 'notification', {});
      if (i % 1_000 === 0) await nextFrame();
    }
    await eventually(() => textOf(element, 'value') === '20,000');
    expect(renders().most).to.equal(1);
  });
});
