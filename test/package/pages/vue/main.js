import 'realtime-elements/elements/connection-status/define';
import 'realtime-elements/elements/notification-toast/define';
import 'realtime-elements/elements/realtime-provider/define';
import { createApp } from 'vue';
import NewsPage from './NewsPage.vue';

createApp(NewsPage).mount('#root');
