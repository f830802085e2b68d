// @ts-check
/**
 * Who may send what through `POST /realtime/trigger`, in the demo:
 *
 * - everybody: their own channel, the channels of the classes that they belong to, and public channels,
 *   which in this demo are a playground;
 * - the teacher also: the own channels of the people in the class.
 *
 * Everything else is denied, as it is by default. A real host denies more: mostly, that a page sends
 * anything that somebody else will read as the system's word.
 */
import { channelNames, describeChannel } from 'realtime-elements/protocol';
import { people } from './people.js';

/**
 * @param {import('realtime-elements/server').TriggerRequest} request
 * @returns {boolean}
 */
export function canTrigger({ identity, channel }) {
  const { type, base } = describeChannel(channel);
  if (type === 'public') return true;
  const own = [
    channelNames.user(identity.id),
    ...identity.classes.flatMap((id) => [channelNames.class(id), channelNames.presenceClass(id)]),
  ];
  if (own.includes(base)) return true;
  return identity.roles.includes('teacher') && people.some(({ id }) => base === channelNames.user(id));
}
