/** Where the server writes what its operator should know. `console` is one. */
export interface Logger {
  error(message: string, ...details: unknown[]): void;
}

/**
 * Takes secrets, tokens and signatures out of a text: the values that the server knows, and whatever looks
 * like a bearer token or a signature.
 */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  return secrets
    .filter((secret): secret is string => secret !== undefined && secret.length >= 4)
    .reduce((result, secret) => result.replaceAll(secret, '[redacted]'), text)
    .replace(/\bBearer\s+[\w.~+/=-]+/gi, 'Bearer [redacted]')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted]')
    .replace(/\b[0-9a-f]{64}\b/gi, '[redacted]');
}

/** Wraps a logger so that no secret reaches it. Errors are written as text, without their other fields. */
export function redactingLogger(logger: Logger, secrets: readonly (string | undefined)[]): Logger {
  return {
    error: (message, ...details) =>
      logger.error(redact(message, secrets), ...details.map((detail) => redact(describe(detail), secrets))),
  };
}

/** An error's stack, and the first line of why: `fetch` says in its cause alone what went wrong. */
function describe(detail: unknown): string {
  if (!(detail instanceof Error)) return String(detail);
  const { name, message, stack = `${name}: ${message}`, cause } = detail;
  return cause instanceof Error ? `${stack}\nCause: ${cause.stack?.split('\n', 1)[0]}` : stack;
}
