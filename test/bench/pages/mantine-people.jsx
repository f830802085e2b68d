import { Avatar } from '@mantine/core';
import { usePeople } from './react-page.jsx';

export function People() {
  const { shown, rest } = usePeople();
  return (
    <Avatar.Group>
      {shown.map(({ id, name }) => (
        <Avatar key={id} name={name} title={name} data-slot data-member-id={id} />
      ))}
      <Avatar data-slot>{rest > 0 && `+${rest.toLocaleString('en')}`}</Avatar>
    </Avatar.Group>
  );
}
