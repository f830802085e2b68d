import { limits } from '../protocol.js';

/** Who is asking. Rules, presence and limits know a person by this alone. */
export interface Identity {
  /** The person's id, as in `private-user-{id}`; 1 to 128 characters. */
  readonly id: string;
  readonly name?: string;
  /** Address of a picture. */
  readonly avatar?: string;
  /** The roles held, the main one first. */
  readonly roles: readonly string[];
  /** Ids of the classes, sessions and agents that the person belongs to or owns. */
  readonly classes: readonly string[];
  readonly sessions: readonly string[];
  readonly agents: readonly string[];
  /** Everything that the token or the host's own session says about the person. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What `identify(request)` answers for a person that the host application knows. */
export interface IdentityInput {
  id: string | number;
  name?: string;
  avatar?: string;
  role?: string;
  roles?: readonly string[];
  classes?: readonly (string | number)[];
  sessions?: readonly (string | number)[];
  agents?: readonly (string | number)[];
  [claim: string]: unknown;
}

/**
 * Reads an identity from what a token or the host says, or answers `undefined` when its id is none. A
 * claim of the wrong type gives no rights; it is never guessed at.
 */
export function readIdentity(
  rawId: unknown,
  claims: Readonly<Record<string, unknown>>,
): Identity | undefined {
  const [id] = Array.isArray(rawId) ? [] : texts(rawId);
  if (id === undefined || id.length > limits.userIdLength) return undefined;
  const [name] = texts(claims.name);
  const [avatar] = texts(claims.avatar ?? claims.picture);
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(avatar === undefined ? {} : { avatar }),
    roles: [...new Set([...texts(claims.role), ...texts(claims.roles)])],
    classes: texts(claims.classes),
    sessions: texts(claims.sessions),
    agents: texts(claims.agents),
    claims,
  };
}

/** A text or whole number, or a list of them, as texts; anything else is left out. */
function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((entry: unknown) => {
    if (typeof entry === 'string' && entry !== '') return [entry];
    return Number.isSafeInteger(entry) ? [String(entry)] : [];
  });
}
