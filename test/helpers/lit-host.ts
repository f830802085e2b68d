/** Lit hosts for controllers under test, below a provider that a test can change. */
import { ContextProvider } from '@lit/context';
import { fixture, html } from '@open-wc/testing';
import { LitElement } from 'lit';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { realtimeContext } from '../../src/reactive/context.js';
import { flushed } from '../../src/reactive/flush.js';

class HostProvider extends LitElement {
  readonly #provider = new ContextProvider(this, { context: realtimeContext });
  set controller(controller: RealtimeController) {
    this.#provider.setValue(controller);
  }
  override createRenderRoot() {
    return this;
  }
}
customElements.define('host-provider', HostProvider);

/** An element that follows a channel and counts its renders. */
export class LitHost extends LitElement {
  renders = 0;
  channel = '';
  override render() {
    this.renders += 1;
    return '';
  }
  /** Resolves once everything that has happened is rendered. */
  async settled(): Promise<void> {
    await flushed(this);
    await this.updateComplete;
  }
}

let hosts = 0;

/** Puts a host on the page, under a provider with a controller, or with none yet. */
export async function mount<T extends LitHost>(
  Host: new () => T,
  controller: RealtimeController | undefined,
  channel: string,
): Promise<T> {
  const tag = `lit-host-${hosts++}`;
  customElements.define(tag, class extends (Host as new () => LitHost) {});
  const provider = await fixture<HostProvider>(html`<host-provider></host-provider>`);
  if (controller) provider.controller = controller;
  const host = document.createElement(tag) as T;
  host.channel = channel;
  provider.append(host);
  await host.updateComplete;
  return host;
}
