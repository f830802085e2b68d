/** Where the server writes what its operator should know. `console` is one. */
export interface Logger {
  error(message: string, ...details: unknown[]): void;
}

/**
 * Wraps a logger so that no secret, token or signature reaches it: the values that the server knows, and
 * whatever looks like a bearer token or a signature. Errors are written as text, without their other fields.
 */
export function redactingLogger(logger: Logger, secrets: readonly (string | undefined)[]): Logger {
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret.length >= 4);
  const redact = (text: string): string =>
    known
      .reduce((result, secret) => result.replaceAll(secret, '[redacted]'), text)
      .replace(/\bBearer\s+[\w.~+/=-]+/gi, 'Bearer [redacted]')
      .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted]')
      .replace(/\b[0-9a-f]{64}\b/gi, '[redacted]');

  return {
    error: (message, ...details) =>
      logger.error(redact(message), ...details.map((detail) => redact(describe(detail)))),
  };
}

function describe(detail: unknown): string {
  if (detail instanceof Error) return detail.stack ?? `${detail.name}: ${detail.message}`;
  return String(detail);
}
