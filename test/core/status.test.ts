import { expect } from '@open-wc/testing';
import type { ConnectionStatus } from '../../src/core/connection.js';
import { describeStatus } from '../../src/core/status.js';

const statuses: ConnectionStatus[] = [
  'idle',
  'connecting',
  'connected',
  'reconnecting',
  'offline',
  'refused',
  'disconnected',
  'disabled',
];

describe('the description of a status', () => {
  it('has a label, an explanation, a severity and an icon for each', () => {
    for (const status of statuses) {
      const { label, explanation, severity, icon } = describeStatus(status);
      expect(label, status).to.match(/^[A-Z]/);
      expect(explanation, status).to.match(/\.$/);
      expect(severity, status).to.match(/^(good|neutral|waiting|trouble)$/);
      expect(icon, status).to.match(/^(solid|hollow|pulse|crossed)$/);
    }
  });

  it('says that only a connection can send', () => {
    expect(statuses.filter((status) => describeStatus(status).canSend)).to.deep.equal(['connected']);
  });

  it('offers a retry where one can help, and says when something is under way', () => {
    expect(statuses.filter((status) => describeStatus(status).canRetry)).to.deep.equal([
      'connecting',
      'reconnecting',
      'offline',
      'refused',
      'disconnected',
    ]);
    expect(statuses.filter((status) => describeStatus(status).isBusy)).to.deep.equal([
      'connecting',
      'reconnecting',
    ]);
  });

  it('never shouts, and never shows a code', () => {
    for (const status of statuses) {
      const { label, explanation } = describeStatus(status);
      expect(label + explanation).not.to.match(/!|\d{3,}/);
    }
  });
});
