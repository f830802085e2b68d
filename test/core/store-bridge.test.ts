import { expect } from '@open-wc/testing';
import { applyMiddleware, createStore } from 'redux';
import {
  type RealtimeChanged,
  type RealtimeReceived,
  realtimeMiddleware,
} from '../../docs/examples/redux-middleware.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';

describe('the bridge to a store', () => {
  afterEach(endAll);

  it('answers the same snapshot as long as nothing changed, and another one after a change', async () => {
    const controller = startController(startEmulator());
    const before = controller.getSnapshot();
    expect(controller.getSnapshot()).to.equal(before);
    controller.connect();
    expect(controller.getSnapshot()).not.to.equal(before);
    await until(controller, () => controller.getSnapshot().status === 'connected');
    expect(before.status).to.equal('idle');
  });

  it('stops calling a listener that was undone', () => {
    const controller = startController(startEmulator());
    let calls = 0;
    const undo = controller.subscribe(() => {
      calls += 1;
    });
    controller.connect();
    const soFar = calls;
    expect(soFar).to.be.greaterThan(0);
    undo();
    controller.disconnect();
    expect(calls).to.equal(soFar);
  });

  describe('as a Redux middleware', () => {
    interface State {
      status: string;
      titles: string[];
    }
    const reduce = (
      state: State = { status: 'idle', titles: [] },
      action: RealtimeChanged | RealtimeReceived | { type: 'other' },
    ): State => {
      if (action.type === 'realtime/changed') return { ...state, status: action.payload.status };
      if (action.type === 'realtime/received' && action.payload.event === 'headline') {
        return { ...state, titles: [...state.titles, (action.payload.data as { title: string }).title] };
      }
      return state;
    };
    const storeFor = (controller: RealtimeController, signal?: AbortSignal) =>
      createStore(reduce, applyMiddleware(realtimeMiddleware(controller, signal)));

    it('puts the status and the events into the store', async () => {
      const emulator = startEmulator();
      const controller = startController(emulator);
      const store = storeFor(controller);
      controller.hold('news');
      await until(controller, () => controller.channels[0]?.status === 'subscribed');
      expect(store.getState().status).to.equal('connected');
      const arrived = new Promise<void>((resolve) => {
        const stop = store.subscribe(() => {
          if (store.getState().titles.length === 0) return;
          stop();
          resolve();
        });
      });
      emulator.driver.trigger('news', 'headline', { title: 'Hello' });
      await arrived;
      expect(store.getState().titles).to.deep.equal(['Hello']);
    });

    it('lets go when its signal aborts', () => {
      const abort = new AbortController();
      const controller = startController(startEmulator());
      const store = storeFor(controller, abort.signal);
      abort.abort();
      controller.connect();
      expect(store.getState().status).to.equal('idle');
      expect(controller.listeners()).to.deep.equal([]);
    });
  });
});
