import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import { Badge, Progress as Bar, MantineProvider, Text } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { Channels, renderPage, useLatest } from './react-page.jsx';

function Progress({ channel }) {
  const payload = useLatest(channel);
  const progress = payload?.progress ?? 0;
  return (
    <>
      <Bar value={progress} />
      <Text span data-slot>
        {payload && `${Math.floor(progress)}%`}
      </Text>{' '}
      <Text span data-slot>
        {payload?.message}
      </Text>{' '}
    </>
  );
}

function Count({ channel }) {
  const payload = useLatest(channel);
  return (
    <Badge>
      <span data-slot>{payload?.count}</span>
    </Badge>
  );
}

renderPage(
  <MantineProvider>
    <Channels Progress={Progress} Count={Count} />
    <Notifications />
  </MantineProvider>,
);
