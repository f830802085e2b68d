import { Toaster, toast } from 'sonner';
import { People } from './people.jsx';
import { renderPage, useLatest } from './react-page.jsx';
import { useNotifications, userChannel, useStatus } from './react-start.jsx';

const show = ({ title, message }) => toast(title, { description: message });

function Page() {
  const payload = useLatest(userChannel);
  useNotifications(show);
  return (
    <>
      <h1>
        Class 1 <span data-status>{useStatus()}</span>
      </h1>
      <People />
      {payload && <progress max="100" value={payload.progress} />}
      <Toaster />
    </>
  );
}

renderPage(<Page />);
