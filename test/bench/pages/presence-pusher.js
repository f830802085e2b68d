import { connect } from './connect.js';
import { showPeople } from './pusher-people.js';

showPeople(connect());
