import { byteLength } from '../protocol.js';
import { describeFrame } from './activity.js';
import type { EmulatorApp } from './app.js';
import { sendClientEvent } from './client-events.js';
import { startBackgroundTimer, type TimerHandle } from './clock.js';
import { type CloseReason, closeReasons } from './close-codes.js';
import type { EngineContext, Transport } from './context.js';
import { errorFrame, type Frame, readFrame } from './frame.js';
import { type SignedInUser, signIn } from './sign-in.js';
import { subscribe, unsubscribe } from './subscribe.js';

/** One established connection: reads a client's frames, answers them, and watches whether the client is alive. */
export class Connection {
  readonly app: EmulatorApp;
  readonly context: EngineContext;
  readonly socketId: string;
  /** Names of the channels that this connection holds. */
  readonly channels = new Set<string>();
  /** Whom this connection signed in as. */
  user: SignedInUser | undefined;
  /** When this connection sent its last client events. Bounded by the rate that is allowed. */
  readonly clientEventTimes: number[] = [];

  readonly #transport: Transport;
  #isOpen = true;
  #aliveTimer: TimerHandle;
  #authorizationTimer: TimerHandle;

  constructor(context: EngineContext, app: EmulatorApp, socketId: string, transport: Transport) {
    this.context = context;
    this.app = app;
    this.socketId = socketId;
    this.#transport = transport;
  }

  /** Says hello to the client; the first frame of a connection. */
  establish(): void {
    const { activityTimeoutMs, authorizationTimeoutMs } = this.app.settings;
    this.context.report({ type: 'connected', appId: this.app.id, socketId: this.socketId });
    this.send({
      event: 'pusher:connection_established',
      data: JSON.stringify({ socket_id: this.socketId, activity_timeout: activityTimeoutMs / 1000 }),
    });
    this.#watchActivity();
    if (authorizationTimeoutMs > 0) {
      this.#authorizationTimer = startBackgroundTimer(
        this.context.clock,
        () => this.close(closeReasons.unauthorized),
        authorizationTimeoutMs,
      );
    }
  }

  /** Takes a frame from the client. */
  receive(text: string): void {
    const { faults, settings } = this.context;
    if (!this.#isOpen || faults.silent) return;
    // A text of n characters has n to 3n bytes: measured only where that decides.
    if (
      text.length > settings.frameBytes ||
      (text.length * 3 > settings.frameBytes && byteLength(text) > settings.frameBytes)
    ) {
      this.close(closeReasons.tooLarge);
      return;
    }
    const frame = readFrame(text);
    if (!frame) {
      this.#watchActivity();
      this.send(errorFrame(4200, 'A frame is a JSON object with the name of an event'));
      return;
    }
    const description = describeFrame(frame);
    const passing = { appId: this.app.id, socketId: this.socketId, frame: description };
    if (faults.lose?.({ direction: 'in', socketId: this.socketId, frame: description })) {
      this.context.report({ type: 'lost', direction: 'in', ...passing });
      return;
    }
    this.#watchActivity();
    this.context.report({ type: 'received', size: text.length, ...passing });
    if (frame.event === 'pusher:subscribe') subscribe(this, frame.data);
    else if (frame.event === 'pusher:unsubscribe') unsubscribe(this, frame.data);
    else if (frame.event === 'pusher:signin') signIn(this, frame.data);
    else if (frame.event === 'pusher:ping') this.send({ event: 'pusher:pong', data: '{}' });
    else if (frame.event === 'pusher:pong') return;
    else if (frame.event.startsWith('client-')) sendClientEvent(this, frame);
    else
      this.send(errorFrame(4200, 'Clients send pusher: frames that the protocol knows, and client- events'));
  }

  /** Sends a frame to the client. `text` is the frame as JSON, where somebody has it already. */
  send(frame: Frame, text = JSON.stringify(frame)): void {
    const { faults, settings } = this.context;
    if (!this.#isOpen || faults.silent) return;
    const passing = { appId: this.app.id, socketId: this.socketId, frame };
    if (faults.lose?.({ direction: 'out', socketId: this.socketId, frame })) {
      this.context.report({ type: 'lost', direction: 'out', ...passing });
      return;
    }
    if (this.#transport.bufferedBytes > settings.bufferedBytes) {
      // Taken out when the door hears the end: whoever sends is in the middle of something, such as letting it in.
      this.#transport.terminate();
      return;
    }
    this.#transport.send(text);
    this.context.report({ type: 'sent', ...passing });
  }

  /** Tells the client that it was not let into a channel. */
  reject(channel: string, { type, error, status }: Rejection): void {
    this.send({ event: 'pusher:subscription_error', channel, data: { type, error, status } });
  }

  /** Notes that the client proved who it is, in time. */
  authorized(): void {
    this.context.clock.clearTimeout(this.#authorizationTimer);
  }

  /** Closes the connection with a code. */
  close({ code, reason }: CloseReason): void {
    if (!this.#isOpen) return;
    this.#transport.close(code, reason);
    this.disconnected(code);
  }

  /** Cuts the connection; the client sees an abnormal loss. */
  terminate(): void {
    if (!this.#isOpen) return;
    this.#transport.terminate();
    this.disconnected(1006);
  }

  /** Takes the connection out of everything; the door calls it when the socket is gone. */
  disconnected(code: number): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.context.clock.clearTimeout(this.#aliveTimer);
    this.context.clock.clearTimeout(this.#authorizationTimer);
    this.app.remove(this);
    this.context.report({ type: 'disconnected', appId: this.app.id, socketId: this.socketId, code });
  }

  /** Waits for the client's next frame: pings when there is none for long, and closes when that is not answered. */
  #watchActivity(): void {
    const { clock, faults } = this.context;
    const { activityTimeoutMs, pongTimeoutMs } = this.app.settings;
    const wait = (delayMs: number, then: () => void) => {
      clock.clearTimeout(this.#aliveTimer);
      this.#aliveTimer = startBackgroundTimer(
        clock,
        () => {
          if (faults.silent) this.#watchActivity();
          else then();
        },
        delayMs,
      );
    };
    wait(activityTimeoutMs, () => {
      this.send({ event: 'pusher:ping', data: '{}' });
      wait(pongTimeoutMs, () => this.close(closeReasons.noPong));
    });
  }
}

/** Why a subscription was rejected. Statuses below 1000 are those of HTTP, the others are Pusher's. */
export interface Rejection {
  type: 'AuthError' | 'LimitReached' | 'InvalidChannel';
  error: string;
  status: number;
}
