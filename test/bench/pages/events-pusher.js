import { eventChannels, eventName } from '../workload.ts';
import { connect } from './connect.js';
import { eventsView } from './plain-view.js';

const show = eventsView();
const pusher = connect();
eventChannels.forEach((channel, index) => {
  pusher.subscribe(channel).bind(eventName, (payload) => show(index, payload));
});
