/** The seam between a Lit host and the controller: attaches when both are there, detaches when either goes. */
import { ContextConsumer } from '@lit/context';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Undo } from '../core/observable.js';
import type { RealtimeController } from '../core/realtime-controller.js';
import { realtimeContext, rememberEarlyRequests } from './context.js';

/** A Lit element, or anything that behaves like one. */
export type RealtimeHost = ReactiveControllerHost & HTMLElement;

export class RealtimeConsumer implements ReactiveController {
  readonly #host: RealtimeHost;
  readonly #attach: (controller: RealtimeController) => Undo;
  #attached: RealtimeController | undefined;
  #undo: Undo | undefined;

  /** @param attach Called with each controller that the host gets; answers how to let go of it. */
  constructor(host: RealtimeHost, attach: (controller: RealtimeController) => Undo) {
    this.#host = host;
    this.#attach = attach;
    rememberEarlyRequests();
    new ContextConsumer(host, {
      context: realtimeContext,
      subscribe: true,
      callback: (controller) => this.#use(controller),
    });
    host.addController(this);
  }

  /** The controller that the host has now. */
  get controller(): RealtimeController | undefined {
    return this.#attached;
  }

  /** Lets go and attaches again: what to attach to has changed. A host that was removed is left alone. */
  reattach(): void {
    const controller = this.#attached;
    this.#detach();
    this.#use(controller);
  }

  /** Where there is no provider any more, nothing else would say so. */
  hostConnected(): void {
    this.#host.requestUpdate();
  }
  hostDisconnected(): void {
    this.#detach();
  }

  #use(controller: RealtimeController | undefined): void {
    if (controller === this.#attached) return;
    this.#detach();
    if (!controller) return;
    this.#attached = controller;
    const undo = this.#attach(controller);
    // Whoever is told of it may have removed the host, or moved it, at once.
    if (this.#attached === controller && !this.#undo) this.#undo = undo;
    else undo();
  }

  #detach(): void {
    const undo = this.#undo;
    this.#undo = undefined;
    this.#attached = undefined;
    undo?.();
  }
}
