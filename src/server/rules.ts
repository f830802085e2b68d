/**
 * Who may join which channel. A rule stands under the plain name of a channel, `private-order-{id}` or an
 * exact name; its cache and encrypted variants follow it. The rule with the longest literal text that a
 * name begins with decides alone, and a name without a rule is denied.
 */
import { channelNames, decodeId, describeChannel } from '../protocol.js';
import type { Identity } from './identity.js';

/** What a rule is asked about. */
export interface RuleContext {
  identity: Identity;
  /** What stands in the place of `{id}`, decoded; empty for a rule with an exact name. */
  id: string;
  /** The whole name of the channel, as the page asked for it. */
  channel: string;
  socketId: string;
}

/** Lets a person in by answering `true`; anything else denies. */
export type ChannelRule = (context: RuleContext) => boolean | Promise<boolean>;

/** Whether a person belongs to a class or session, or owns an agent. */
export type Membership = (identity: Identity, id: string) => boolean | Promise<boolean>;

/** Answers memberships from the host's own data. Default: the claims `classes`, `sessions` and `agents`. */
export interface Memberships {
  class?: Membership;
  session?: Membership;
  agent?: Membership;
}

/** The rule for a channel, and the id that its name holds. */
export interface RuleMatch {
  rule: ChannelRule;
  id: string;
}

const placeholder = '{id}';

/** What is wrong with the pattern of a rule, as a sentence, or `undefined`. */
export function rulePatternProblem(pattern: string): string | undefined {
  const literal = pattern.endsWith(placeholder) ? pattern.slice(0, -placeholder.length) : pattern;
  if (!/^(private|presence)-[A-Za-z0-9_\-=@,.;]*$/.test(literal)) {
    return `The rule "${pattern}" should be a private or presence channel's name, with one {id} at most and that at its end.`;
  }
  if (describeChannel(literal).base !== literal) {
    return `The rule "${pattern}" should be written for the plain channel; cache and encrypted variants follow it.`;
  }
  return undefined;
}

/** The rules that every server has; a host's own rule under the same name replaces one. */
export function defaultRules(
  roles: readonly string[],
  memberships: Memberships,
): Record<string, ChannelRule> {
  const isIn: Required<Memberships> = {
    class: memberships.class ?? ((identity, id) => identity.classes.includes(id)),
    session: memberships.session ?? ((identity, id) => identity.sessions.includes(id)),
    agent: memberships.agent ?? ((identity, id) => identity.agents.includes(id)),
  };
  const inClass: ChannelRule = ({ identity, id }) => isIn.class(identity, id);
  return {
    'private-user-{id}': ({ identity, id }) => identity.id === id,
    'private-class-{id}': inClass,
    'presence-class-{id}': inClass,
    'presence-session-{id}': ({ identity, id }) => isIn.session(identity, id),
    'private-agent-{id}': ({ identity, id }) => isIn.agent(identity, id),
    ...Object.fromEntries(
      roles.map((role) => [
        channelNames.presenceRole(role),
        (({ identity }) => identity.roles.includes(role)) satisfies ChannelRule,
      ]),
    ),
  };
}

/** Makes the function that finds the rule of a channel. */
export function matchRules(
  rules: Readonly<Record<string, ChannelRule>>,
): (channel: string) => RuleMatch | undefined {
  const exact = new Map<string, ChannelRule>();
  const prefixes: [prefix: string, rule: ChannelRule][] = [];
  for (const [pattern, rule] of Object.entries(rules)) {
    if (pattern.endsWith(placeholder)) prefixes.push([pattern.slice(0, -placeholder.length), rule]);
    else exact.set(pattern, rule);
  }
  prefixes.sort(([a], [b]) => b.length - a.length);

  return (channel) => {
    const { type, base } = describeChannel(channel);
    if (type === 'public') return undefined;
    const exactRule = exact.get(base);
    if (exactRule) return { rule: exactRule, id: '' };

    const [prefix, rule] = prefixes.find(([literal]) => base.startsWith(literal)) ?? [];
    if (prefix === undefined || rule === undefined) return undefined;
    // One id has one name: a text that encodeId never writes belongs to nobody.
    const id = decodeId(base.slice(prefix.length));
    return id ? { rule, id } : undefined;
  };
}
