import { limits } from './limits.js';

/** The events whose payloads the kit knows. Any other name can be used too. */
export const eventNames = {
  notification: 'notification',
  userNotification: 'user.notification',
  userAchievement: 'user.achievement',
  progressUpdated: 'progress.updated',
  contentProgress: 'content.progress',
  contentGenerated: 'content.generated',
  contentFailed: 'content.failed',
  agentStatus: 'agent.status',
  sessionStarted: 'session.started',
  sessionEnded: 'session.ended',
  assessmentCompleted: 'assessment.completed',
  tradeExecuted: 'trade-executed',
  botCreated: 'bot-created',
  botUpdated: 'bot-updated',
  strategyModified: 'strategy-modified',
  typing: 'client-typing',
  message: 'message',
  messageAcknowledged: 'message.ack',
} as const;

/** What is wrong with the name of an event that somebody wants to send, as a sentence, or `undefined`. */
export function eventNameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') return 'An event name is a text of at least one character.';
  if (name.length > limits.eventNameLength) {
    return `An event name has at most ${limits.eventNameLength} characters; this one has ${name.length}.`;
  }
  if (/^pusher(_internal)?:/.test(name))
    return 'Event names that begin with "pusher:" belong to the service.';
  return undefined;
}

/** Whether an event is one that members send to each other without a server. */
export function isClientEvent(name: string): boolean {
  return name.startsWith('client-');
}
