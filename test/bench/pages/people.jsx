/** Avatars without a library. */
import { usePeople } from './react-page.jsx';

export function People() {
  const { shown, rest } = usePeople();
  return (
    <>
      {shown.map(({ id, name }) => (
        <span key={id} className="avatar" data-slot data-member-id={id} title={name}>
          {initials(name)}
        </span>
      ))}
      <span data-slot>{rest > 0 && `+${rest.toLocaleString('en')}`}</span>
    </>
  );
}

function initials(name) {
  return name
    .split(' ')
    .map((word) => word[0])
    .join('');
}
