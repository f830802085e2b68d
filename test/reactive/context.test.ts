import { expect } from '@open-wc/testing';
import { LitElement } from 'lit';
import { ConnectionController } from '../../src/reactive/connection-controller.js';
import { provideToPage } from '../../src/reactive/context.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';

class EarlyHost extends LitElement {
  connection = new ConnectionController(this);
}
customElements.define('test-early-host', EarlyHost);

describe('the page’s provider', () => {
  afterEach(endAll);

  it('answers elements that asked before it was there, those that come later, and changes for all', async () => {
    const early = document.createElement('test-early-host') as EarlyHost;
    document.body.append(early);
    await early.updateComplete;
    expect(early.connection.status).to.equal('idle');

    const disabled = startController(startEmulator(), { enabled: false });
    provideToPage(disabled);
    expect(early.connection.status).to.equal('disabled');
    const late = document.createElement('test-early-host') as EarlyHost;
    document.body.append(late);
    expect(late.connection.status).to.equal('disabled');

    const other = startController(startEmulator());
    other.disconnect();
    provideToPage(other);
    expect([early.connection.status, late.connection.status]).to.deep.equal(['disconnected', 'disconnected']);
    early.remove();
    late.remove();
  });

  it('keeps no element that came and went', async () => {
    provideToPage(startController(startEmulator()));
    const before = startController(startEmulator());
    provideToPage(before);
    for (let n = 0; n < 100; n += 1) {
      const host = document.createElement('test-early-host');
      document.body.append(host);
      host.remove();
    }
    let calls = 0;
    const original = before.subscribe.bind(before);
    before.subscribe = (listener) => {
      calls += 1;
      return original(listener);
    };
    provideToPage(startController(startEmulator()));
    provideToPage(before);
    expect(calls).to.equal(0);
  });
});
