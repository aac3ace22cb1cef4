import type { Child } from 'hono/jsx';
import { Page } from '../layout';

/** One card in the middle. */
export function Frame({ title, root, children }: { title: string; root: string; children?: Child }): Child {
  return (
    <Page title={title} root={root}>
      <main class="narrow">
        <div class="card">{children}</div>
      </main>
    </Page>
  );
}
