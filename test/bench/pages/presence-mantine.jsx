import '@mantine/core/styles.css';
import { MantineProvider } from '@mantine/core';
import { People } from './mantine-people.jsx';
import { renderPage } from './react-page.jsx';

renderPage(
  <MantineProvider>
    <People />
  </MantineProvider>,
);
