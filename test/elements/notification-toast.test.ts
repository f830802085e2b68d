import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { defineElement } from '../../src/elements/define.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import { words as japanese } from '../../src/elements/words.ja.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { type FixedController, fixedController } from '../../src/testing.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { eventually, heard, mount, part, parts, textIn, textOf } from './page.js';

defineElement('notification-toast', NotificationToastElement);

const channel = 'private-user-1';

async function mountLive(emulator: PageEmulator) {
  const controller = startController(emulator, { timing: { backoffBaseMs: 10 } });
  const element = await mount<NotificationToastElement>(
    controller,
    html`<notification-toast channel=${channel}></notification-toast>`,
  );
  await eventually(() => element.getAttribute('status') === 'live');
  return { element, controller };
}

async function mountFixed(
  content = html`<notification-toast channel=${channel} duration="0"></notification-toast>`,
) {
  const controller = fixedController();
  const element = await mount<NotificationToastElement>(controller, content);
  const emit = (event: string, data: unknown) => controller.emit(channel, event, data);
  return { controller, element, emit };
}

/** The toasts that are seen, as `level: title | message`. */
const seen = (element: Element) =>
  parts(element, 'toast')
    .filter((toast) => !toast.inert)
    .map((toast) => {
      const say = (name: string) => toast.querySelector(`[part=${name}] bdi`)?.textContent ?? '';
      return `${toast.dataset.level}: ${[say('title'), say('message')].filter(Boolean).join(' | ')}`;
    });
/** What screen readers hear: nothing of what is not drawn. */
const region = (element: Element) => {
  const status = element.shadowRoot?.querySelector('[role=status]');
  return status?.checkVisibility({ visibilityProperty: true }) ? status.textContent : undefined;
};
/** Whether the line that shows the time left of the first toast runs. */
const timeOf = (element: Element) => part(element, 'time')?.getAnimations()[0]?.playState;
const press = (target: EventTarget, key: string) =>
  target.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }),
  );

describe('<notification-toast>', () => {
  afterEach(endAll);

  it('shows a notification with its title, text and level, and says it once to screen readers', async () => {
    const emulator = startEmulator();
    const { element } = await mountLive(emulator);
    emulator.driver.trigger(channel, 'notification', {
      title: 'Saved',
      message: 'All good',
      type: 'success',
    });
    const toast = await eventually(() => part(element, 'toast'));
    expect(toast.dataset.level).to.equal('success');
    expect(textOf(element, 'title')).to.equal('Saved');
    expect(textOf(element, 'message')).to.equal('All good');
    await eventually(() => region(element) === 'Saved. All good');
    expect(toast.getAttribute('role')).to.equal(null);
  });

  it('gathers what comes in the two seconds after a reconnect into a number', async () => {
    const emulator = startEmulator();
    const { element, controller } = await mountLive(emulator);
    emulator.driver.drop();
    await until(controller, () => controller.status !== 'connected');
    await until(controller, () => controller.channels[0]?.status === 'subscribed');
    for (let i = 1; i <= 12; i += 1) emulator.driver.trigger(channel, 'notification', { message: `${i}` });
    await eventually(() => seen(element).join() === 'info: 12 new');
  });

  it('says the number of a flood that is on the screen, and says it again when it has doubled', async () => {
    const { element, emit } = await mountFixed(
      html`<notification-toast channel=${channel}></notification-toast>`,
    );
    const shown = () => parts(element, 'title').map(textIn).at(-1);
    const said = new Set<string | null | undefined>();
    const flood = (count: number) => {
      for (let i = 1; i <= count; i += 1) emit('notification', { title: `${said.size}.${i}` });
    };
    flood(1);
    await eventually(() => region(element) === '0.1');
    for (const count of [49, 60]) {
      flood(count);
      await eventually(() => !said.has(region(element)) && /^\d+ new/.test(shown() ?? ''));
      expect(region(element)?.split('. ').at(-1)).to.equal(shown());
      said.add(region(element));
    }
    flood(1);
    await element.updateComplete;
    expect(said.has(region(element))).to.equal(true);
  });

  it('has a text of its own for each event of a backend', async () => {
    const { element, emit } = await mountFixed(
      html`<notification-toast channel=${channel} max="9" duration="0"></notification-toast>`,
    );
    emit('user.notification', { body: 'Hello', type: 'margin_warning' });
    emit('user.achievement', { title: 'Ten in a row' });
    emit('content.generated', {
      task_id: 't',
      content_type: 'lesson',
      title: 'Cells',
      download_url: '/cells',
    });
    emit('trade-executed', { symbol: 'ACME', profitIsWin: true });
    emit('trade-executed', { symbol: 'ACME', profitIsWin: false });
    emit('bot-updated', { botUUID: 'b', botName: 'Night watch', status: 'ERROR' });
    emit('bot-updated', { botUUID: 'b', botName: 'Night watch', status: 'RUNNING' });
    emit('strategy-modified', { title: 'Slow' });
    await eventually(() => seen(element).length === 7);
    expect(seen(element)).to.deep.equal([
      'error: Night watch has stopped with an error',
      'error: Loss: ACME',
      'warning: Hello',
      'achievement: Ten in a row',
      'success: Content ready | Your lesson has been generated',
      'success: Win! ACME',
      'success: Strategy “Slow” updated',
    ]);
  });

  it('announces an error by the role of its toast, and keeps that of a bot until it is closed', async () => {
    const { element, emit } = await mountFixed(
      html`<notification-toast channel=${channel} duration="200"></notification-toast>`,
    );
    emit('bot-created', { botUUID: 'b', botName: 'Night watch', status: 'ERROR' });
    await eventually(() => seen(element).length === 1);
    emit('notification', { message: 'Short' });
    const { notification, reason } = await heard(element, 'notification-dismissed');
    expect([notification.message, reason]).to.deep.equal(['Short', 'timeout']);
    const [toast] = parts(element, 'toast');
    expect(toast?.getAttribute('role')).to.equal('alert');
    expect(toast?.querySelector('[part=time]') === null).to.equal(true);
  });

  it('takes further events, and levels and texts of the page’s own', async () => {
    const { element, emit } = await mountFixed(
      html`<notification-toast
        channel=${channel}
        event="order.shipped order.lost"
        duration="0"
        max="9"
        .levels=${{ lost: 'error' }}
        .texts=${{ 'order.paid': ({ total }: Record<string, unknown>) => ({ title: `Paid: ${total}` }) }}
      ></notification-toast>`,
    );
    emit('order.shipped', { message: 'On its way' });
    emit('order.lost', { message: 'Lost', type: 'lost' });
    emit('order.lost', { message: 'Found again', type: 'lost', level: 'success' });
    emit('order.paid', { total: 12 });
    emit('order.other', { message: 'Nobody asked' });
    await eventually(() => seen(element).length === 4);
    expect(seen(element)).to.deep.equal([
      'error: Lost',
      'info: On its way',
      'success: Found again',
      'info: Paid: 12',
    ]);
  });

  it('skips a payload that it cannot read, and says so once', async () => {
    const { element, emit } = await mountFixed();
    const codes: string[] = [];
    element.addEventListener('realtime-error', ({ error }) => codes.push(error.code));
    emit('notification', { title: 'First' });
    await eventually(() => seen(element).length === 1);
    emit('notification', { message: { deep: true } });
    emit('notification', { message: { deep: true } });
    emit('notification', 'not an object');
    emit('notification', { title: 'Last' });
    await eventually(() => seen(element).length === 2);
    expect(codes).to.deep.equal(['message/unreadable', 'message/unreadable']);
  });

  it('reads a payload out of its envelope, and drops a repeat by the envelope’s id', async () => {
    const { element, emit } = await mountFixed();
    const envelope = {
      id: 'e1',
      type: 'notification',
      timestamp: '2026-01-01T00:00:00Z',
      data: { message: 'Once' },
    };
    emit('notification', envelope);
    emit('notification', envelope);
    emit('notification', { message: 'Twice' });
    await eventually(() => seen(element).length === 2);
    expect(parts(element, 'count')).to.have.length(0);
  });

  it('offers links and actions, and tells the page which was chosen', async () => {
    const { element, emit } = await mountFixed();
    emit('notification', {
      message: 'Essay',
      url: '/open',
      actions: [{ label: 'Later', event: 'review.later' }, { label: 'Nowhere' }],
    });
    await eventually(() => parts(element, 'action').length === 2);
    const [later, open] = parts(element, 'action');
    expect((open as HTMLAnchorElement).href).to.equal(new URL('/open', document.baseURI).href);
    element.addEventListener('notification-activated', (event) => event.preventDefault());
    setTimeout(() => later?.click());
    const { action, notification } = await heard(element, 'notification-activated');
    expect(action).to.deep.equal({ label: 'Later', event: 'review.later' });
    expect(notification.message).to.equal('Essay');
    await eventually(() => parts(element, 'toast').length === 0);
  });

  it('does not follow a link when the page prevents it', async () => {
    const { element, emit } = await mountFixed();
    emit('notification', { message: 'Essay', url: '#somewhere' });
    const link = await eventually(() => part(element, 'action'));
    element.addEventListener('notification-activated', (event) => event.preventDefault());
    link.click();
    expect(location.hash).to.equal('');
  });

  it('shows the picture of a notification in the place of the icon', async () => {
    const { element, emit } = await mountFixed();
    emit('notification', { message: 'Moth', image: '/moth.png' });
    const image = await eventually(() => part(element, 'image') as HTMLImageElement | undefined);
    expect(image.src).to.equal(new URL('/moth.png', document.baseURI).href);
    expect(parts(element, 'icon')).to.have.length(0);
  });

  it('stops the time while the pointer is on a toast', async () => {
    const { element, emit } = await mountFixed(
      html`<notification-toast channel=${channel} duration="60000"></notification-toast>`,
    );
    emit('notification', { message: 'Read me' });
    const base = await eventually(() => part(element, 'base'));
    await eventually(() => seen(element).length === 1);
    base.dispatchEvent(new PointerEvent('pointerenter'));
    await element.updateComplete;
    expect(timeOf(element)).to.equal('paused');
    base.dispatchEvent(new PointerEvent('pointerleave'));
    await element.updateComplete;
    expect(timeOf(element)).to.equal('running');
  });

  it('takes the keyboard to the newest toast with F8, closes it with Escape, and gives it back at the end', async () => {
    const { element, emit } = await mountFixed();
    const field = document.createElement('input');
    element.after(field);
    field.focus();
    emit('notification', { title: 'First' });
    emit('notification', { title: 'Second', actions: [{ label: 'Do it', event: 'do' }] });
    await eventually(() => seen(element).length === 2);
    expect(part(element, 'base')?.getAttribute('aria-keyshortcuts')).to.equal('F8');
    press(field, 'F8');
    const focused = () => element.shadowRoot?.activeElement as HTMLElement;
    expect(focused().textContent?.trim()).to.equal('Do it');
    press(focused(), 'Escape');
    await eventually(() => seen(element).join() === 'info: First');
    expect(focused().getAttribute('part')).to.equal('close');
    focused().click();
    await eventually(() => seen(element).length === 0);
    expect(document.activeElement === field).to.equal(true);
  });

  it('fades out slowly at first, as what leaves does', async () => {
    const { element, emit } = await mountFixed();
    emit('notification', { title: 'Saved' });
    const toast = await eventually(() => part(element, 'toast'));
    part(element, 'close')?.click();
    await eventually(() => toast.inert);
    const easings = toast.getAnimations().map(({ effect }) => effect?.getTiming().easing);
    expect(easings).to.include('ease-in');
  });

  it('is wider where type is larger', async () => {
    const { element, emit } = await mountFixed();
    emit('notification', { title: 'Saved' });
    const base = await eventually(() => part(element, 'base'));
    const wanted = () => Math.min(22.5 * Number.parseFloat(getComputedStyle(base).fontSize), innerWidth - 32);
    expect(base.offsetWidth).to.be.closeTo(wanted(), 1);
    base.style.fontSize = '20px';
    expect(base.offsetWidth).to.be.closeTo(wanted(), 1);
  });

  it('keeps the keyboard when toasts of a flood are closed faster than they fade', async () => {
    const { element, emit } = await mountFixed();
    for (const title of ['1', '2', '3', '4', '5', '6']) emit('notification', { title });
    await eventually(() => seen(element).length === 3);
    const focused = () => element.shadowRoot?.activeElement?.closest('.toast') as HTMLElement | null;
    press(window, 'F8');
    for (const left of [5, 4, 3, 2]) {
      press(focused()!, 'Escape');
      await element.updateComplete;
      expect(focused()?.inert).to.equal(false);
      expect(seen(element)).to.have.length(Math.min(left, 3));
    }
    // Those that fade stay where they are.
    const all = parts(element, 'toast').map((toast) => Number(toast.dataset.key));
    expect(all).to.deep.equal([...all].sort((a, b) => a - b));
  });

  it('keeps the keyboard when an error takes the place of the toast that has it', async () => {
    const { element, emit } = await mountFixed();
    for (const title of ['1', '2', '3']) emit('notification', { title });
    await eventually(() => seen(element).length === 3);
    press(window, 'F8');
    emit('notification', { title: 'Wrong', level: 'error' });
    await eventually(() => seen(element).includes('error: Wrong'));
    await eventually(() => element.shadowRoot?.activeElement?.closest('.toast'));
  });

  it('goes with a swipe towards its edge, and comes back from a short one', async () => {
    const { element, emit } = await mountFixed();
    emit('notification', { title: 'Swipe me' });
    const toast = await eventually(() => part(element, 'toast'));
    toast.setPointerCapture = () => {};
    const swipe = (distance: number) => {
      const at = (type: string, clientX: number) =>
        toast.dispatchEvent(new PointerEvent(type, { clientX, bubbles: true, composed: true, pointerId: 1 }));
      at('pointerdown', 100);
      at('pointermove', 100 + distance);
      at('pointerup', 100 + distance);
    };
    swipe(-200);
    swipe(40);
    expect(seen(element)).to.have.length(1);
    expect(toast.style.translate).to.equal('');
    setTimeout(() => swipe(200));
    const { reason } = await heard(element, 'notification-dismissed');
    expect(reason).to.equal('swiped');
  });

  it('stands in its place again, and follows no pointer, when it was taken out in the middle of a swipe', async () => {
    const { element } = await mountFixed();
    element.show({ title: 'Swipe me' });
    const toast = await eventually(() => part(element, 'toast'));
    toast.setPointerCapture = () => {};
    const at = (type: string, clientX: number) =>
      toast.dispatchEvent(new PointerEvent(type, { clientX, bubbles: true, composed: true, pointerId: 1 }));
    at('pointerdown', 100);
    at('pointermove', 140);
    expect(toast.style.translate).to.equal('40px');
    const { parentElement } = element;
    element.remove();
    parentElement!.append(element);
    expect(toast.style.translate).to.equal('');
    at('pointermove', 160);
    expect(toast.style.translate).to.equal('');
  });

  it('stands above a modal dialog, stops its time, and is announced when the dialog closes', async () => {
    const { element, emit } = await mountFixed(
      html`<notification-toast channel=${channel} duration="60000"></notification-toast>`,
    );
    emit('notification', { title: 'Before' });
    await eventually(() => seen(element).length === 1);
    await eventually(() => region(element) === 'Before');
    // The browser paints its top layer in the order in which things came to it.
    const order: string[] = [];
    const dialog = document.createElement('dialog');
    const note = ({ target, newState }: ToggleEvent) =>
      order.push(`${(target as Element).localName} ${newState}`);
    part(element, 'base')?.addEventListener('beforetoggle', note);
    dialog.addEventListener('close', () => order.push('dialog closed'));
    element.after(dialog);
    order.push('dialog open');
    dialog.showModal();
    await eventually(() => timeOf(element) === 'paused');
    emit('notification', { title: 'Meanwhile', level: 'error' });
    await eventually(() => seen(element).length === 2);
    expect(order).to.deep.equal(['dialog open', 'div closed', 'div open']);
    expect(region(element)).to.equal('Before');
    dialog.close();
    await eventually(() => region(element) === 'Meanwhile');
    await eventually(() => timeOf(element) === 'running');
  });

  it('works at once inside a modal dialog', async () => {
    const controller = fixedController();
    const dialog = document.createElement('dialog');
    const element = await mount<NotificationToastElement>(
      controller,
      html`<notification-toast channel=${channel} duration="60000"></notification-toast>`,
    );
    element.replaceWith(dialog);
    dialog.append(element);
    dialog.showModal();
    controller.emit(channel, 'notification', { title: 'Inside' });
    await eventually(() => region(element) === 'Inside');
    expect(timeOf(element)).to.equal('running');
    dialog.close();
  });

  const hidings: [string, (element: HTMLElement) => () => void][] = [
    [
      'hidden itself',
      (element) => {
        element.hidden = true;
        return () => {
          element.hidden = false;
        };
      },
    ],
    [
      'in a closed <details>',
      (element) => {
        const details = document.createElement('details');
        element.replaceWith(details);
        details.append(element);
        return () => {
          details.open = true;
        };
      },
    ],
    [
      'in a closed <dialog>',
      (element) => {
        const dialog = document.createElement('dialog');
        element.replaceWith(dialog);
        dialog.append(element);
        return () => dialog.showModal();
      },
    ],
    [
      'where the content is hidden',
      (element) => {
        const holder = document.createElement('div');
        element.replaceWith(holder);
        holder.append(element);
        holder.style.contentVisibility = 'hidden';
        return () => holder.removeAttribute('style');
      },
    ],
  ];
  for (const [place, hide] of hidings) {
    it(`keeps what comes while it is ${place}, and shows it for its whole time after that`, async () => {
      const { element, emit } = await mountFixed(
        html`<notification-toast channel=${channel} duration="400"></notification-toast>`,
      );
      const dismissed: string[] = [];
      element.addEventListener('notification-dismissed', ({ reason }) => dismissed.push(reason));
      const show = hide(element);
      await eventually(() => element.getAttribute('status') === 'live');
      emit('notification', { title: 'Unseen', level: 'error' });
      // Beside it, one that can be seen has come and gone.
      const other = await mountFixed(
        html`<notification-toast channel=${channel} duration="600"></notification-toast>`,
      );
      other.emit('notification', { title: 'Seen' });
      await heard(other.element, 'notification-dismissed');
      expect(dismissed).to.deep.equal([]);
      show();
      const isPainted = () => {
        const { width, x, y } = part(element, 'toast')!.getBoundingClientRect();
        return width > 0 && element.shadowRoot!.elementFromPoint(x + 9, y + 9)?.closest('.toast') !== null;
      };
      await eventually(isPainted);
      await eventually(() => region(element) === 'Unseen');
      await eventually(() => timeOf(element) === 'running');
      await eventually(() => dismissed.join() === 'timeout');
    });
  }

  it('is seen and heard where what is around it is invisible', async () => {
    const { element, emit } = await mountFixed();
    element.parentElement!.style.visibility = 'hidden';
    emit('notification', { title: 'Seen' });
    await eventually(() => region(element) === 'Seen');
    expect(part(element, 'toast')?.checkVisibility({ visibilityProperty: true })).to.equal(true);
  });

  it('stops the time of a toast whose element is hidden while it is seen', async () => {
    const { element, emit } = await mountFixed(
      html`<notification-toast channel=${channel} duration="60000"></notification-toast>`,
    );
    emit('notification', { title: 'Half read' });
    await eventually(() => timeOf(element) === 'running');
    element.hidden = true;
    await eventually(() => timeOf(element) === 'paused');
    element.hidden = false;
    await eventually(() => timeOf(element) === 'running');
  });

  it('shows the kit’s own errors where it is asked to', async () => {
    const emulator = startEmulator();
    emulator.driver.refuse(4001);
    const element = await mount<NotificationToastElement>(
      startController(emulator),
      html`<notification-toast channel=${channel} errors></notification-toast>`,
    );
    await eventually(() => seen(element).length === 1);
    expect(seen(element)[0]).to.contain('no app with this key');
  });

  it('drops every toast when somebody else signs in', async () => {
    const { controller, element, emit } = await mountFixed();
    controller.set({ identity: { state: 'authenticated', userId: '1' } });
    emit('notification', { title: 'Private' });
    await eventually(() => seen(element).length === 1);
    controller.set({ identity: { state: 'authenticated', userId: '2' } });
    await eventually(() => seen(element).length === 0);
  });

  it('shows what the page itself has to say, without a channel', async () => {
    const element = await mount<NotificationToastElement>(
      undefined,
      html`<notification-toast></notification-toast>`,
    );
    element.show({ title: 'Copied', level: 'success' });
    await eventually(() => seen(element).join() === 'success: Copied');
    element.clear();
    await eventually(() => element.hasAttribute('empty'));
  });

  it('shows a toast for as long as the page has said in the moment before', async () => {
    const element = await mount<NotificationToastElement>(
      undefined,
      html`<notification-toast></notification-toast>`,
    );
    element.show({ title: 'Brief' });
    await eventually(() => part(element, 'time'));
    element.duration = 0;
    element.show({ title: 'Patient' });
    await eventually(() => seen(element).length === 2);
    expect(parts(element, 'time')).to.have.length(1);
  });

  it('comes at the edge that it is told to', async () => {
    const { element, emit } = await mountFixed(
      html`<notification-toast channel=${channel} position="top-left" duration="0"></notification-toast>`,
    );
    emit('notification', { title: 'First' });
    emit('notification', { title: 'Second' });
    await eventually(() => seen(element).length === 2);
    const tops = parts(element, 'toast').map((toast) => toast.offsetTop);
    expect(tops[1]).to.be.lessThan(tops[0]!);
    expect(parts(element, 'toast')[0]!.getBoundingClientRect().left).to.be.lessThan(40);
  });

  it('keeps its toasts and their time when it is moved in the document', async () => {
    const { element, emit } = await mountFixed(
      html`<notification-toast channel=${channel} duration="60000"></notification-toast>`,
    );
    emit('notification', { title: 'Still here' });
    await eventually(() => seen(element).length === 1);
    element.parentElement?.append(element);
    await eventually(() => part(element, 'base')?.matches(':popover-open'));
    expect(seen(element)).to.have.length(1);
    expect(timeOf(element)).to.equal('running');
  });

  it('keeps what it was given in the moment before it is taken out of the document, and shows it when it is back', async () => {
    const { element } = await mountFixed(html`<notification-toast duration="300"></notification-toast>`);
    const dismissed: string[] = [];
    element.addEventListener('notification-dismissed', ({ reason }) => dismissed.push(reason));
    const { parentElement } = element;
    element.show({ title: 'Unseen' });
    element.remove();
    // Beside it, one that can be seen has come and gone.
    const other = await mountFixed(html`<notification-toast duration="400"></notification-toast>`);
    other.element.show({ title: 'Seen' });
    await heard(other.element, 'notification-dismissed');
    expect(dismissed).to.deep.equal([]);
    parentElement?.append(element);
    await eventually(() => seen(element).join() === 'info: Unseen');
    await eventually(() => dismissed.join() === 'timeout');
  });

  it('shows what came before its code although a text of the page’s own failed for some of it', async () => {
    const fail = () => {
      throw new Error('A text that fails');
    };
    const { element, emit } = await mountFixed(
      html`<notification-toast channel=${channel} duration="0" .texts=${{ odd: fail }}></notification-toast>`,
    );
    const { reportError } = window;
    const reported: string[] = [];
    window.reportError = ({ message }) => reported.push(message);
    try {
      emit('odd', {});
      emit('notification', { title: 'Even' });
      await eventually(() => seen(element).join() === 'info: Even');
      expect(reported).to.deep.equal(['A text that fails']);
    } finally {
      window.reportError = reportError;
    }
  });

  it('speaks the language of the page also of what came while that was on its way', async () => {
    // The code for toasts is there already.
    const { element: first } = await mountFixed();
    first.show({ title: 'First' });
    await eventually(() => seen(first).length === 1);
    const controller = fixedController();
    const outer = await mount(controller, html`<div lang="ja"></div>`);
    outer.innerHTML = `<notification-toast channel=${channel} duration="0"></notification-toast>`;
    controller.emit(channel, 'trade-executed', { symbol: 'ACME', profitIsWin: true });
    const toasts = outer.firstElementChild!;
    await eventually(() => seen(toasts).length === 1);
    expect(seen(toasts)).to.deep.equal([`success: ${japanese.tradeWon('ACME')}`]);
  });

  it('says to screen readers what it was given in the moment before it was taken out once it is back', async () => {
    const { element } = await mountFixed(html`<notification-toast duration="0"></notification-toast>`);
    const { parentElement } = element;
    element.show({ title: 'Unheard' });
    element.remove();
    await eventually(() => parts(element, 'toast').length === 1);
    await element.updateComplete;
    const status = element.shadowRoot?.querySelector('[role=status]');
    expect(status?.textContent).to.equal('');
    parentElement?.append(element);
    await eventually(() => status?.textContent === 'Unheard');
  });

  it('keeps no line of a toast that has lost its place to bad news', async () => {
    const { element } = await mountFixed(html`<notification-toast max="1"></notification-toast>`);
    element.show({ title: 'First' });
    await eventually(() => timeOf(element) === 'running');
    const [card] = parts(element, 'toast');
    const [line] = part(element, 'time')!.getAnimations();
    element.show({ title: 'Bad news', level: 'error' });
    await eventually(() => !card!.isConnected);
    element.requestUpdate();
    await element.updateComplete;
    expect(line!.playState).to.equal('idle');
  });

  const statuses: [string, (controller: FixedController) => void][] = [
    ['live', () => {}],
    ['stale', (controller) => controller.set({ status: 'reconnecting' })],
    ['disabled', (controller) => controller.set({ status: 'disabled' })],
  ];
  for (const [status, change] of statuses) {
    it(`reflects that it is ${status}`, async () => {
      const { controller, element } = await mountFixed();
      change(controller);
      await eventually(() => element.getAttribute('status') === status);
    });
  }
});
