/** A channel with handlers by event name, in a Lit element of your own: the whiteboard of a room. */
import { html, LitElement } from 'lit';
import { ChannelController, type RealtimeEvent } from 'realtime-elements';

export class RoomBoardElement extends LitElement {
  #lines: string[] = [];
  readonly #room = new ChannelController(this, {
    // Read before each render: set another `room`, and the element follows another channel.
    channel: () => this.getAttribute('room') ?? undefined,
    type: 'private',
    handlers: {
      'line.added': ({ data }: RealtimeEvent) => this.#lines.push(textOf(data)),
      'board.cleared': () => {
        this.#lines = [];
      },
    },
  });

  protected override render() {
    if (this.#room.status === 'error') return html`<p role="alert">${this.#room.error?.hint}</p>`;
    return html`<ol aria-busy=${this.#room.status === 'loading'}>
      ${this.#lines.map((line) => html`<li>${line}</li>`)}
    </ol>`;
  }
}

/** Payloads come from outside: what is no text of the expected shape is shown as nothing. */
function textOf(data: unknown): string {
  return String((data as { text?: unknown } | null)?.text ?? '');
}
