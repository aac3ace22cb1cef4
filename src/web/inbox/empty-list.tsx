import type { Child } from 'hono/jsx';
import { Command } from './command';

interface EmptyListProps {
  title: string;
  text: string;
  /** what fills it */
  command: string;
}

/** In place of a list in which nothing is. */
export function EmptyList({ title, text, command }: EmptyListProps): Child {
  return (
    <div class="card prose">
      <h2>{title}</h2>
      <p>{text}</p>
      <Command command={command} />
    </div>
  );
}
