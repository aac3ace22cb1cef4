import type { Child } from 'hono/jsx';
import { Page } from '../layout';
import { Masthead } from './masthead';
import type { MastheadProps } from './masthead';

interface FrameProps extends MastheadProps {
  title: string;
  children?: Child;
}

/** One card in the middle. */
export function Frame({ title, root, face, children }: FrameProps): Child {
  return (
    <Page title={title} root={root}>
      <main class="narrow">
        <div class="card">
          <Masthead root={root} face={face} />
          {children}
        </div>
      </main>
    </Page>
  );
}
