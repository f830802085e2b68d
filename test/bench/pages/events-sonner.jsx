import { Toaster } from 'sonner';
import { Channels, renderPage, useLatest } from './react-page.jsx';

function Progress({ channel }) {
  const payload = useLatest(channel);
  return (
    <>
      <progress max="100" value={payload?.progress ?? 0} />
      <span data-slot>{payload && `${Math.floor(payload.progress)}%`}</span>{' '}
      <span data-slot>{payload?.message}</span>{' '}
    </>
  );
}

function Count({ channel }) {
  const payload = useLatest(channel);
  return <span data-slot>{payload?.count}</span>;
}

renderPage(
  <>
    <Channels Progress={Progress} Count={Count} />
    <Toaster />
  </>,
);
