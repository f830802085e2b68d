import { ContextProvider } from '@lit/context';
import { css, html, LitElement, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { RealtimeConfig } from '../core/config.js';
import { readConfig } from '../core/config-sources.js';
import { RealtimeController } from '../core/realtime-controller.js';
import { realtimeContext } from '../reactive/context.js';

/** The options that are attributes; they are those of the loader's script tag without `data-`. */
const optionNames = [
  'key',
  'cluster',
  'host',
  'port',
  'path',
  'tls',
  'enabled',
  'debug',
  'auth-endpoint',
  'user-auth-endpoint',
  'trigger-endpoint',
  'content-endpoint',
  'base',
  'auth-token',
  'auth-credentials',
  'auth-batch',
  'csrf-meta',
  'scope',
  'remember',
];

/**
 * Gives everything inside it another configuration than the page's.
 *
 * @slot - What uses the configuration.
 *
 * @attr key - The app's public key.
 * @attr cluster - Region of hosted Channels, for instance `eu`.
 * @attr host - Host of a self-hosted, compatible service.
 * @attr port - Its port.
 * @attr path - Path before `/app/`, for services behind a prefix.
 * @attr tls - `false` for a service without encryption.
 * @attr enabled - `false`: no network, and a quiet state.
 * @attr debug - Logs what happens.
 * @attr auth-endpoint - Where channels are authorized; default `/pusher/auth`.
 * @attr user-auth-endpoint - Where the user is authenticated.
 * @attr trigger-endpoint - Where events are sent through the server.
 * @attr content-endpoint - Where the generation of content is asked for.
 * @attr base - What relative endpoints are relative to; default the page.
 * @attr auth-token - Bearer token for the endpoints.
 * @attr auth-credentials - Whether cookies go along.
 * @attr auth-batch - `on` or `off`: several channels in one authorization request.
 * @attr csrf-meta - Name of the `<meta>` that holds a CSRF token.
 * @attr locale - The language of the elements inside, for instance `de`; a `lang` further down still wins.
 * @attr scope - Keeps two identities of one app apart.
 * @attr remember - Keeps what could not be sent through a reload.
 *
 * @element realtime-provider
 */
export class RealtimeProviderElement extends LitElement {
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  static override get observedAttributes(): string[] {
    RealtimeProviderElement.finalize();
    return ['config', ...optionNames];
  }

  /** The whole configuration as JSON, or as an object where functions are needed; wins over the attributes. */
  @property({ type: Object }) config: RealtimeConfig | undefined;

  readonly #provider = new ContextProvider(this, { context: realtimeContext });
  #given: RealtimeController | undefined;

  /** The controller that the elements inside use. Setting one makes attributes and `config` count for nothing. */
  @property({ attribute: false })
  get controller(): RealtimeController | undefined {
    return this.#given ?? this.#provider.value;
  }
  set controller(controller: RealtimeController | undefined) {
    this.#given = controller;
    this.requestUpdate();
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (old !== value) this.requestUpdate();
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const attributes = readConfig((name) => this.getAttribute(name));
    const controller = this.#given ?? RealtimeController.for({ ...attributes, ...this.config });
    this.#provider.setValue(controller);
  }

  protected override render() {
    return html`<slot></slot>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'realtime-provider': RealtimeProviderElement;
  }
}
