/**
 * Signalling for WebRTC: two members of a presence channel find each other by client events. Both run
 * the same code ("perfect negotiation"); where both begin at once, one of them gives way.
 */
import type { RealtimeController, RealtimeEvent, Undo } from 'realtime-elements';

interface Signal {
  /** For whom it is; the others on the channel hear it too, and leave it. */
  to: string;
  description?: RTCSessionDescriptionInit | undefined;
  candidate?: RTCIceCandidateInit;
}

/** What is older than this would only confuse. */
const TTL_MS = 10_000;

/** Negotiates a connection with another member, as often as it is needed, until the undo is called. */
export function connectPeer(
  controller: RealtimeController,
  channel: string,
  { me, peer, connection }: { me: string; peer: string; connection: RTCPeerConnection },
): Undo {
  const isPolite = me < peer;
  let isOffering = false;
  let isIgnoring = false;
  const say = (signal: Omit<Signal, 'to'>) =>
    controller.send('client-signal', { to: peer, ...signal }, { channel, ttl: TTL_MS });
  const describe = async () => {
    await connection.setLocalDescription();
    await say({ description: connection.localDescription?.toJSON() });
  };

  const offer = async () => {
    isOffering = true;
    await describe().finally(() => {
      isOffering = false;
    });
  };
  const onCandidate = ({ candidate }: RTCPeerConnectionIceEvent) => {
    if (candidate) void say({ candidate: candidate.toJSON() });
  };
  const hear = async ({ data, userId }: RealtimeEvent) => {
    const { to, description, candidate } = (data ?? {}) as Partial<Signal>;
    // The author is who the service says it is, never who the payload says.
    if (userId !== peer || to !== me) return;
    if (description) {
      const isBusy = isOffering || connection.signalingState !== 'stable';
      isIgnoring = description.type === 'offer' && isBusy && !isPolite;
      if (isIgnoring) return;
      await connection.setRemoteDescription(description);
      if (description.type === 'offer') await describe();
    } else if (candidate && !isIgnoring) {
      await connection.addIceCandidate(candidate);
    }
  };

  connection.addEventListener('negotiationneeded', offer);
  connection.addEventListener('icecandidate', onCandidate);
  // One after the other: a candidate must not overtake its description.
  let queue = Promise.resolve();
  let isOver = false;
  const undo = controller.listen<string>({
    channel,
    event: 'client-signal',
    callback: (event) => {
      // What waits when it is over would be asked of a connection that may be closed.
      queue = queue.catch(() => {}).then(() => (isOver ? undefined : hear(event)));
      return queue;
    },
  });
  return () => {
    isOver = true;
    undo();
    connection.removeEventListener('negotiationneeded', offer);
    connection.removeEventListener('icecandidate', onCandidate);
  };
}
