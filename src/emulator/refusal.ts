import { HttpError } from './http-signature.js';

/** Thrown by a route of the backend in a page; becomes an answer. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What is thrown to be answered; anything else goes on. The engine's own refusals are told as the server part tells them. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof HttpError)) throw error;
  return error.status === 413
    ? new Refusal(413, 'payload_too_large', 'The engine refused the event as too large.')
    : new Refusal(502, 'engine_failed', `The realtime engine answered ${error.status}.`);
}

/** A refusal as one entry of a batch. */
export function asEntry(error: unknown): { error: { code: string; message: string; status: number } } {
  const { status, code, message } = asRefusal(error);
  return { error: { code, message, status } };
}
