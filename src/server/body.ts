/** The bodies of requests: bounded, whole, and of the type that a route takes. */
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RealtimeServerError } from './errors.js';

const kilobyte = 1024;

/** Bounds a body. One without a length is read here, and may break off here. */
export function atMost(kilobytes: number): MiddlewareHandler {
  const limit = bodyLimit({
    maxSize: kilobytes * kilobyte,
    onError: () => {
      throw new RealtimeServerError('payload_too_large', `A request holds at most ${kilobytes} kB.`);
    },
  });
  return async (context, next) => {
    let isRead = false;
    const goOn = () => {
      isRead = true;
      return next();
    };
    return limit(context, goOn).catch((error: unknown) => {
      throw isRead ? error : brokenOff(error);
    });
  };
}

/** The body as it came. @throws RealtimeServerError (400) when it breaks off. */
export async function readBytes(context: Context): Promise<Uint8Array> {
  return new Uint8Array(await whole(context.req.arrayBuffer()));
}

/** @throws RealtimeServerError: 415 for another type, 400 when it breaks off. */
export async function readForm(context: Context): Promise<URLSearchParams> {
  requireType(context, 'application/x-www-form-urlencoded');
  return new URLSearchParams(await whole(context.req.text()));
}

/** @throws RealtimeServerError: 415 for another type, 400 for what is no JSON or breaks off. */
export async function readJson(context: Context): Promise<unknown> {
  requireType(context, 'application/json');
  const text = await whole(context.req.text());
  try {
    return JSON.parse(text);
  } catch {
    throw new RealtimeServerError('invalid_request', 'The body should be JSON.');
  }
}

function requireType(context: Context, type: string): void {
  if (context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() !== type) {
    throw new RealtimeServerError('unsupported_media_type', `The content type should be ${type}.`);
  }
}

function whole<T>(body: Promise<T>): Promise<T> {
  return body.catch((error: unknown) => {
    throw brokenOff(error);
  });
}

/** A client that leaves in the middle of a body is no failure of the server. */
function brokenOff(error: unknown): RealtimeServerError {
  return error instanceof RealtimeServerError
    ? error
    : new RealtimeServerError('invalid_request', 'The body ended too early.');
}
