import { byteLength } from '../protocol.js';
import type { EmulatorEngine, Session } from './engine.js';

/**
 * A WebSocket whose server is an engine in the same page. Everything arrives later, in order, by
 * microtasks: never inside the call that caused it, and not stalled by fake timers.
 */
export class PageSocket extends EventTarget implements WebSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;

  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readonly url: string;
  readonly protocol = '';
  readonly extensions = '';
  readonly bufferedAmount = 0;
  binaryType: BinaryType = 'blob';
  onopen: ((this: WebSocket, event: Event) => unknown) | null = null;
  onmessage: ((this: WebSocket, event: MessageEvent) => unknown) | null = null;
  onerror: ((this: WebSocket, event: Event) => unknown) | null = null;
  onclose: ((this: WebSocket, event: CloseEvent) => unknown) | null = null;

  readonly #engine: EmulatorEngine;
  #readyState: 0 | 1 | 2 | 3 = 0;
  #session: Session | undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(engine: EmulatorEngine, url: string) {
    super();
    this.#engine = engine;
    this.url = url;
    this.addEventListener('open', (event) => this.onopen?.call(this, event));
    this.addEventListener('message', (event) => this.onmessage?.call(this, event as MessageEvent));
    this.addEventListener('error', (event) => this.onerror?.call(this, event));
    this.addEventListener('close', (event) => this.onclose?.call(this, event as CloseEvent));
    this.#later(() => {
      if (engine.faults.unreachable) this.#fail();
      else engine.faults.afterSilence(() => this.#later(() => this.#open()));
    });
  }

  get readyState(): 0 | 1 | 2 | 3 {
    return this.#readyState;
  }

  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    if (this.#readyState === 0) {
      throw new DOMException('The socket is still connecting.', 'InvalidStateError');
    }
    if (this.#readyState !== 1) return;
    this.#later(() => {
      if (typeof data === 'string') this.#session?.receive(data);
      else this.#serverCloses(1003, 'Text frames only');
    });
  }

  close(code = 1005, reason = ''): void {
    if (code !== 1005 && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException('A close code is 1000, or from 3000 to 4999.', 'InvalidAccessError');
    }
    if (byteLength(reason) > 123)
      throw new DOMException('A close reason has at most 123 bytes.', 'SyntaxError');
    if (this.#readyState >= 2) return;
    const wasOpen = this.#readyState === 1;
    this.#readyState = 2;
    this.#later(() => {
      if (wasOpen) this.#closed(code, reason, true);
      else this.#fail();
    });
  }

  #open(): void {
    if (this.#readyState !== 0) return;
    this.#readyState = 1;
    this.dispatchEvent(new Event('open'));
    const { origin, pathname, search } = new URL(this.url);
    this.#session = this.#engine.connect(pathname + search, {
      bufferedBytes: 0,
      send: (text) =>
        this.#later(() => {
          if (this.#readyState === 1) this.dispatchEvent(new MessageEvent('message', { data: text, origin }));
        }),
      close: (code, reason) => this.#serverCloses(code, reason),
      terminate: () => this.#later(() => this.#closed(1006, '', false)),
    });
  }

  #serverCloses(code: number, reason: string): void {
    this.#later(() => this.#closed(code, reason, true));
  }

  /** Ends an attempt that never opened, or was given up. */
  #fail(): void {
    if (this.#readyState === 3) return;
    this.#readyState = 3;
    this.dispatchEvent(new Event('error'));
    this.dispatchEvent(closeEvent(1006, '', false));
  }

  #closed(code: number, reason: string, wasClean: boolean): void {
    if (this.#readyState === 3) return;
    this.#readyState = 3;
    this.#session?.disconnected(code);
    this.dispatchEvent(closeEvent(code, reason, wasClean));
  }

  #later(action: () => void): void {
    this.#queue = this.#queue.then(action);
  }
}

/** A real CloseEvent where there is one; Node 20 has none. */
function closeEvent(code: number, reason: string, wasClean: boolean): Event {
  const init = { code, reason, wasClean };
  if (typeof CloseEvent === 'function') return new CloseEvent('close', init);
  return Object.assign(new Event('close'), init);
}
