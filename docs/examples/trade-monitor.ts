/** Trade monitor: every trade of a channel, with wins, losses and the sum by currency. */
import {
  eventNames,
  type RealtimeController,
  readPayload,
  type TradePayload,
  type Undo,
} from 'realtime-elements';

/** What has been traded since the monitor began. */
export interface TradeTally {
  wins: number;
  losses: number;
  /** Won minus lost, by currency. */
  balance: Record<string, number>;
}

/** Counts trades until the undo is called; `show` hears each trade and the tally after it. */
export function monitorTrades(
  controller: RealtimeController,
  channel: string,
  show: (trade: TradePayload, tally: TradeTally) => void,
): Undo {
  const tally: TradeTally = { wins: 0, losses: 0, balance: {} };
  return controller.listen({
    channel,
    event: eventNames.tradeExecuted,
    callback: ({ event, data }) => {
      // Reads camelCase and snake_case, and refuses what is no trade.
      const read = readPayload(event, data);
      if (!read.ok) throw new Error(read.problem);
      const trade = read.value as unknown as TradePayload;
      const { amount, currency, profitIsWin } = trade;
      if (profitIsWin) tally.wins += 1;
      else tally.losses += 1;
      tally.balance[currency] = (tally.balance[currency] ?? 0) + (profitIsWin ? amount : -amount);
      show(trade, tally);
    },
  });
}
