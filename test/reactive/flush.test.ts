import { expect } from '@open-wc/testing';
import { LitElement } from 'lit';
import { flushed, requestFlush } from '../../src/reactive/flush.js';

class FlushHost extends LitElement {
  renders = 0;
  override render() {
    this.renders += 1;
    return '';
  }
}
customElements.define('test-flush-host', FlushHost);

async function mount(): Promise<FlushHost> {
  const host = document.createElement('test-flush-host') as FlushHost;
  document.body.append(host);
  await host.updateComplete;
  return host;
}

const nextFrame = () => new Promise<number>(requestAnimationFrame);

/** Resolves when the host has been drawn, with the time of that frame. */
async function drawn(host: FlushHost): Promise<number> {
  await flushed(host);
  return Number(document.timeline.currentTime);
}

describe('the shared flush', () => {
  it('renders a host once, however often it is asked before the frame', async () => {
    const host = await mount();
    for (let n = 0; n < 100; n += 1) requestFlush(host);
    await Promise.resolve();
    expect(host.renders).to.equal(1);
    await flushed(host);
    await host.updateComplete;
    expect(host.renders).to.equal(2);
    host.remove();
  });

  it('serves all hosts of the page in one frame', async () => {
    const hosts = await Promise.all(Array.from({ length: 20 }, mount));
    for (const host of hosts) requestFlush(host);
    await flushed(hosts[0] as FlushHost);
    await Promise.all(hosts.map((host) => host.updateComplete));
    expect(hosts.map(({ renders }) => renders)).to.deep.equal(hosts.map(() => 2));
    for (const host of hosts) host.remove();
  });

  it('draws in the next frame what comes after a rest', async () => {
    const host = await mount();
    requestFlush(host);
    const last = await drawn(host);
    while ((await nextFrame()) - last < 30);
    requestFlush(host);
    await nextFrame();
    expect(host.renders).to.equal(3);
    host.remove();
  });

  it('draws a stream that changes in each frame thirty times a second', async () => {
    const host = await mount();
    requestFlush(host);
    let last = await drawn(host);
    for (let n = 0; n < 10; n += 1) {
      requestFlush(host);
      const now = await drawn(host);
      expect(now - last).to.be.at.least(25);
      last = now;
    }
    host.remove();
  });

  it('does not hold up what a person did', async () => {
    const host = await mount();
    requestFlush(host);
    host.requestUpdate();
    await host.updateComplete;
    expect(host.renders).to.equal(2);
    await flushed(host);
    host.remove();
  });

  it('comes a quarter of a second later while the page is hidden', async () => {
    const host = await mount();
    const frame = window.requestAnimationFrame;
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' });
    window.requestAnimationFrame = () => {
      throw new Error('A hidden page gets no frames.');
    };
    const start = performance.now();
    requestFlush(host);
    await flushed(host);
    window.requestAnimationFrame = frame;
    Reflect.deleteProperty(document, 'visibilityState');
    expect(performance.now() - start).to.be.at.least(240);
    host.remove();
  });
});
