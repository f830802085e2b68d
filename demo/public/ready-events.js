/**
 * Every event that the kit knows by name, with a payload that is ready to be sent. The first of a name is
 * the plain case; some have a second that is worth seeing.
 */

/**
 * @param {string} me The id of whoever sends.
 * @returns {{ group: string, label: string, channel: string, event: string, data: unknown }[]}
 */
export function readyEvents(me) {
  const own = `private-user-${me}`;
  const classroom = 'presence-class-1';
  const taskId = 'sheet-7';
  const bot = { botUUID: 'b-4471', botName: 'Harbour watch' };

  const group = (name, entries) =>
    entries.map(([label, channel, event, data]) => ({ group: name, label, channel, event, data }));

  return [
    ...group('Notifications', [
      [
        'notification',
        own,
        'notification',
        { title: 'Chart room is open', message: 'Aiko and Priya are there already.', type: 'info' },
      ],
      [
        'notification, with an action',
        own,
        'notification',
        {
          title: 'Homework returned',
          message: 'Maren left two remarks on your passage plan.',
          type: 'success',
          actions: [{ label: 'Read them', url: '/#notes' }],
        },
      ],
      [
        'notification, a warning',
        own,
        'notification',
        {
          title: 'Gale warning, Dover to Portland',
          message: 'South-west 8 expected after 21:00.',
          type: 'warning',
        },
      ],
      [
        'notification, an error',
        own,
        'notification',
        { title: 'Upload failed', message: 'The log book page is larger than 10 MB.', type: 'error' },
      ],
      [
        'user.notification',
        own,
        'user.notification',
        { title: 'Callum mentioned you', message: '“Ask about the sill at half tide.”', type: 'mention' },
      ],
      [
        'user.achievement',
        own,
        'user.achievement',
        { title: 'First passage planned', message: 'St Helier to Carteret, 17 miles.' },
      ],
    ]),
    ...group('Progress and content', [
      [
        'progress.updated',
        own,
        'progress.updated',
        { taskId, label: 'Marking passage plans', progress: 37, status: 'running', message: 'Plan 4 of 11' },
      ],
      [
        'progress.updated, completed',
        own,
        'progress.updated',
        {
          taskId,
          label: 'Marking passage plans',
          progress: 100,
          status: 'completed',
          message: 'All 11 plans',
          url: '/#practice',
        },
      ],
      [
        'progress.updated, failed',
        own,
        'progress.updated',
        {
          taskId,
          label: 'Marking passage plans',
          progress: 64,
          status: 'failed',
          error: 'Plan 8 has no chart.',
        },
      ],
      [
        'content.progress',
        own,
        'content.progress',
        {
          taskId: 'quiz-2',
          label: 'Quiz on buoyage',
          progress: 58,
          status: 'running',
          message: 'Drawing light characters',
        },
      ],
      [
        'content.generated',
        own,
        'content.generated',
        {
          taskId: 'quiz-2',
          contentType: 'quiz',
          title: 'Quiz on buoyage',
          preview: 'Which mark shows two black cones, points down?',
          downloadUrl: '/#practice',
        },
      ],
      [
        'content.failed',
        own,
        'content.failed',
        { taskId: 'quiz-2', error: 'The notes on buoyage could not be read.' },
      ],
    ]),
    ...group('Class', [
      [
        'session.started',
        classroom,
        'session.started',
        { sessionId: 's-12', title: 'In pairs: over the sill' },
      ],
      ['session.ended', classroom, 'session.ended', { sessionId: 's-12', title: 'In pairs: over the sill' }],
      [
        'assessment.completed',
        own,
        'assessment.completed',
        { assessmentId: 'a-3', title: 'Heights and depths', score: 86 },
      ],
      [
        'agent.status',
        own,
        'agent.status',
        { agentId: 'tutor', status: 'thinking', message: 'Looking up the tables' },
      ],
      ['client-typing, to the others here', classroom, 'client-typing', { user: me, typing: true }],
      [
        'message, in an envelope',
        classroom,
        'message',
        {
          id: 'm-1',
          type: 'chat',
          timestamp: new Date().toISOString(),
          sender: me,
          data: { text: 'Which datum does the almanac use?' },
        },
      ],
      ['message.ack', classroom, 'message.ack', { id: 'm-1' }],
    ]),
    ...group('Trading', [
      [
        'trade-executed, won',
        own,
        'trade-executed',
        { symbol: 'EUR/USD', amount: 120.5, currency: 'EUR', profitIsWin: true },
      ],
      [
        'trade-executed, lost',
        own,
        'trade-executed',
        { symbol: 'BRENT', amount: 42, currency: 'USD', profitIsWin: false },
      ],
      ['bot-created', own, 'bot-created', { ...bot, status: 'RUNNING' }],
      ['bot-updated, stopped by an error', own, 'bot-updated', { ...bot, status: 'ERROR' }],
      ['strategy-modified', own, 'strategy-modified', { id: 'st-9', title: 'Slack water' }],
    ]),
  ];
}
