/**
 * What members of a presence channel say of themselves beside being there: a status and an activity.
 * It travels as a client event, so the service vouches for who says it, and for nothing else.
 */

/** The client event that carries it. */
export const OVERLAY_EVENT = 'client-presence';

/** Larger channels do without: each word is multiplied by everybody who hears it. */
export const OVERLAY_MEMBERS = 50;

/** How somebody is there. */
export interface Overlay {
  readonly status: 'online' | 'away' | 'busy';
  /** What they do, in a few words ("in lesson 3"). */
  readonly activity: string | undefined;
  /** When they last did something, in milliseconds since 1970. */
  readonly lastActiveAt: number;
}

/** Enough for a few words under a name. */
const ACTIVITY_LENGTH = 100;

const statuses: readonly unknown[] = ['online', 'away', 'busy'] satisfies Overlay['status'][];

/** Whether there is anything to say: people are taken to be online. */
export function isDefault({ status, activity }: Overlay): boolean {
  return status === 'online' && activity === undefined;
}

/** As it travels. */
export function writeOverlay({ status, activity, lastActiveAt }: Overlay): Record<string, unknown> {
  return {
    status,
    ...(activity === undefined ? {} : { activity }),
    lastActive: new Date(lastActiveAt).toISOString(),
  };
}

/** Reads what a member sent; `undefined` when it is no such thing. */
export function readOverlay(data: unknown, now: number): Overlay | undefined {
  const { status, activity, lastActive } = (data ?? {}) as Record<string, unknown>;
  if (!statuses.includes(status)) return undefined;
  const at = typeof lastActive === 'string' ? Date.parse(lastActive) : Number.NaN;
  return {
    status: status as Overlay['status'],
    activity: shortened(activity),
    // Clocks differ; nobody was active in the future.
    lastActiveAt: Number.isNaN(at) ? now : Math.min(at, now),
  };
}

/** An activity as it may be sent and shown, or none. */
export function shortened(activity: unknown): string | undefined {
  return typeof activity === 'string' ? activity.trim().slice(0, ACTIVITY_LENGTH) || undefined : undefined;
}
