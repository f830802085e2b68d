import { expect } from '@open-wc/testing';
import { watchBots } from '../../docs/examples/critical-bot-status.js';
import { showHeadlines } from '../../docs/examples/event-listener.js';
import { countLastMinute, replayLastMinute } from '../../docs/examples/last-minute-of-history.js';
import { handleNotifications } from '../../docs/examples/notifications-by-type.js';
import { nextStrategyUpdate } from '../../docs/examples/one-time-strategy-update.js';
import { monitorTrades, type TradeTally } from '../../docs/examples/trade-monitor.js';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { join } from '../helpers/meeting.js';
import { TestWorld } from '../helpers/world.js';

const channel = 'news';
let emulator: PageEmulator;
let controller: RealtimeController;

beforeEach(() => {
  emulator = startEmulator();
  controller = startController(emulator);
});
afterEach(endAll);

/** Triggers an event, and resolves once the page has heard it. */
async function say(event: string, data: unknown): Promise<void> {
  await join(controller, channel);
  const { promise, resolve } = Promise.withResolvers<void>();
  controller.listen({ channel, event, once: true, priority: -1, callback: () => resolve() });
  emulator.driver.trigger(channel, event, data);
  await promise;
}

/** The codes of the errors that the page is told of, from now on. */
function recordErrors(): string[] {
  const codes: string[] = [];
  const onError = (event: RealtimeErrorEvent) => codes.push(event.error.code);
  document.addEventListener('realtime-error', onError, { once: true });
  return codes;
}

describe('the example of an event listener', () => {
  it('shows urgent headlines alone, and lets go when its signal aborts', async () => {
    const ticker = document.createElement('p');
    const abort = new AbortController();
    showHeadlines(controller, channel, ticker, abort.signal);
    await say('headline', { text: '<b>Storm</b>', urgent: true });
    await say('headline', { text: 'A cat sleeps', urgent: false });
    await say('headline', 'no headline at all');
    expect(ticker.textContent).to.match(/<b>Storm<\/b>$/);
    abort.abort();
    await say('headline', { text: 'Later', urgent: true });
    expect(ticker.textContent).to.match(/Storm/);
    expect(controller.listeners()).to.deep.equal([]);
  });
});

describe('the example of a trade monitor', () => {
  it('counts wins and losses, and sums up by currency, in either spelling', async () => {
    const seen: string[] = [];
    let last: TradeTally | undefined;
    const undo = monitorTrades(controller, channel, ({ symbol }, tally) => {
      seen.push(symbol);
      last = tally;
    });
    await say('trade-executed', { symbol: 'EURUSD', amount: 10, currency: 'EUR', profitIsWin: true });
    await say('trade-executed', { symbol: 'GBPUSD', amount: '4', currency: 'EUR', profit_is_win: false });
    undo();
    await say('trade-executed', { symbol: 'USDJPY', amount: 1, currency: 'EUR', profitIsWin: true });
    expect(seen).to.deep.equal(['EURUSD', 'GBPUSD']);
    expect(last).to.deep.equal({ wins: 1, losses: 1, balance: { EUR: 6 } });
  });

  it('reports what is no trade, and counts it as nothing', async () => {
    const codes = recordErrors();
    let calls = 0;
    monitorTrades(controller, channel, () => {
      calls += 1;
    });
    await say('trade-executed', { symbol: 'EURUSD' });
    expect([calls, codes]).to.deep.equal([0, ['message/listener-failed']]);
  });
});

describe('the example of critical bot status', () => {
  it('raises the alarm before others hear, for failed bots alone, and once however often it is set up', async () => {
    const heard: string[] = [];
    controller.listen({ channel, event: 'bot-updated', callback: () => heard.push('others') });
    watchBots(controller, channel, () => heard.push('replaced'));
    watchBots(controller, channel, ({ botName }) => heard.push(botName));
    await say('bot-updated', { bot_uuid: '1', bot_name: 'Ada', status: 'ERROR' });
    await say('bot-updated', { botUUID: '2', botName: 'Bo', status: 'RUNNING' });
    expect(heard).to.deep.equal(['Ada', 'others', 'others']);
  });
});

describe('the example of a one-time strategy update', () => {
  it('resolves with the next update that can be read, and leaves nothing behind', async () => {
    const next = nextStrategyUpdate(controller, channel);
    await say('strategy-modified', {});
    await say('strategy-modified', { title: 'Carry' });
    await say('strategy-modified', { title: 'Later' });
    expect((await next).title).to.equal('Carry');
    expect(controller.listeners()).to.deep.equal([]);
  });

  it('rejects when its signal aborts, before or while it waits', async () => {
    const failed = (signal: AbortSignal) =>
      nextStrategyUpdate(controller, channel, signal).then(
        () => 'resolved',
        (reason: Error) => reason.name,
      );
    const abort = new AbortController();
    const waiting = failed(abort.signal);
    abort.abort();
    expect([await waiting, await failed(abort.signal)]).to.deep.equal(['AbortError', 'AbortError']);
    expect(controller.listeners()).to.deep.equal([]);
  });
});

describe('the example of notifications by type', () => {
  it('hands each notification to the handler of its type, and the rest to one for all', async () => {
    const heard: string[] = [];
    handleNotifications(
      controller,
      channel,
      { margin_warning: ({ message, level }) => heard.push(`${level}: ${message}`) },
      ({ message }) => heard.push(`otherwise: ${message}`),
    );
    await say('notification', { type: 'margin_warning', body: 'Low' });
    await say('notification', { type: 'constructor', message: 'Sly' });
    await say('notification', { message: 'Plain' });
    expect(heard).to.deep.equal(['warning: Low', 'otherwise: Sly', 'otherwise: Plain']);
  });
});

describe('the example of the last minute of history', () => {
  it('shows what was missed in the last minute, oldest first, and goes on with what comes', async () => {
    const world = new TestWorld();
    controller = startController(emulator, { environment: world });
    world.clockOffsetMs = -61_000;
    await say('headline', 'too old');
    world.clockOffsetMs = 0;
    await say('headline', 'first');
    await say('other', 'of another name');
    await say('headline', 'second');
    const shown: unknown[] = [];
    replayLastMinute(controller, channel, 'headline', ({ data }) => shown.push(data));
    await say('headline', 'third');
    expect(shown).to.deep.equal(['first', 'second', 'third']);
    expect(Object.fromEntries(countLastMinute(controller))).to.deep.equal({ headline: 3, other: 1 });
  });
});
