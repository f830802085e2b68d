import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import { Badge, MantineProvider, Progress, Title } from '@mantine/core';
import { Notifications, notifications } from '@mantine/notifications';
import { People } from './mantine-people.jsx';
import { renderPage, useLatest } from './react-page.jsx';
import { useNotifications, userChannel, useStatus } from './react-start.jsx';

const show = ({ title, message }) => notifications.show({ title, message });

function Page() {
  const payload = useLatest(userChannel);
  useNotifications(show);
  return (
    <>
      <Title>
        Class 1{' '}
        <Badge>
          <span data-status>{useStatus()}</span>
        </Badge>
      </Title>
      <People />
      {payload && <Progress value={payload.progress} />}
      <Notifications />
    </>
  );
}

renderPage(
  <MantineProvider>
    <Page />
  </MantineProvider>,
);
