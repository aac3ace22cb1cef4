import type { Child } from 'hono/jsx';
import type { IntegrationFace } from '../logos/integration-faces';
import { publicTexts } from '../texts/current';
import { Frame } from './frame';

export interface MessageProps {
  root: string;
  message: { title: string; text: string };
  /** the way back to the request, where there is one */
  back?: string;
  /** of the integration, where whoever comes may know which it is */
  face?: IntegrationFace;
}

/** A page that says why there is nothing else to see, and what to do. */
export function MessagePage({ root, message: { title, text }, back, face }: MessageProps): Child {
  return (
    <Frame title={title} root={root} face={face}>
      <h1>{title}</h1>
      <p>{text}</p>
      {back !== undefined && (
        <p>
          <a href={back}>{publicTexts().back}</a>
        </p>
      )}
    </Frame>
  );
}

/** The same for every link that leads nowhere, whatever is wrong with it: there is nothing to learn from it. */
export function NotFoundPage({ root }: { root: string }): Child {
  return <MessagePage root={root} message={publicTexts().notFound} />;
}
