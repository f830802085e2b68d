/** The realistic page with pusher-js and nothing else: status, people, progress, a line for what is new. */
import { eventName } from '../workload.ts';
import { connect } from './connect.js';
import { showPeople } from './pusher-people.js';

const heading = document.createElement('h1');
heading.textContent = 'Class 1 ';
const status = document.createElement('span');
status.dataset.status = '';
status.textContent = 'Connecting';
heading.append(status);
const progress = document.createElement('progress');
const news = document.createElement('p');
document.body.append(heading, progress, news);

const pusher = connect();
pusher.connection.bind('state_change', ({ current }) => {
  status.textContent = current === 'connected' ? 'Live' : 'Connecting';
});
const user = pusher.subscribe('private-user-1');
user.bind(eventName, (payload) => {
  progress.value = payload.progress / 100;
});
user.bind('notification', ({ title }) => {
  news.textContent = title;
});
showPeople(pusher);
