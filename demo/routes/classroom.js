// @ts-check
/**
 * What the course page asks its own backend for. A student may not write to the teacher's channel; the
 * backend may, and decides what is said there.
 */
import { Hono } from 'hono';
import { channelNames } from 'realtime-elements/protocol';
import { RealtimeServerError } from 'realtime-elements/server';
import { classId, people } from '../people.js';

/**
 * @param {import('realtime-elements/server').RealtimeServer} realtime
 * @returns {Hono}
 */
export function classroomRoutes(realtime) {
  const app = new Hono();

  app.post('/class/hand', async (context) => {
    const identity = await realtime.identify(context.req.raw);
    if (!identity.classes.includes(classId)) {
      throw new RealtimeServerError('forbidden', 'You are not in this class.');
    }
    await realtime.trigger(channelsOf('teacher'), 'notification', {
      title: `${identity.name} raised a hand`,
      message: 'Tides and tidal streams, slide 7',
      type: 'mention',
    });
    return context.json({ ok: true });
  });

  app.post('/class/reminder', async (context) => {
    const identity = await realtime.identify(context.req.raw);
    if (!identity.roles.includes('teacher')) {
      throw new RealtimeServerError('forbidden', 'Only the teacher reminds the class.');
    }
    await realtime.trigger(channelsOf('student'), 'notification', {
      title: 'Back in five minutes',
      message: `${identity.name}: have your tide tables open at St Helier.`,
      type: 'info',
    });
    return context.json({ ok: true });
  });

  return app;
}

/**
 * @param {'teacher' | 'student'} role
 */
function channelsOf(role) {
  return people.filter((person) => person.role === role).map(({ id }) => channelNames.user(id));
}
