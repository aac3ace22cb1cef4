import type { Child } from 'hono/jsx';
import { Page } from '../layout';
import { Said } from '../said';
import { inboxTexts } from '../texts/current';
import { Nav } from './nav';
import type { NavProps } from './nav';
import type { Operator } from './operator';

interface FrameProps extends NavProps {
  title: string;
  /** who is signed in */
  operator?: Operator;
  /** whether the inbox itself has signed them in */
  canSignOut?: boolean;
  children?: Child;
}

/** The frame of every page of the inbox: way to the content, ways to the lists, who one is. */
export function Frame({ title, root, operator, canSignOut, children, ...nav }: FrameProps): Child {
  return (
    <Page title={title} root={root} isInbox>
      <a class="skip" href="#main">
        {inboxTexts().skip}
      </a>
      <header class="bar">
        <Nav root={root} {...nav} />
        {operator !== undefined && (
          <span class="quiet">
            <Said text={inboxTexts().signedInAs(operator.name)} />
          </span>
        )}
        {canSignOut && (
          <form method="post" action={`${root}logout`}>
            <button>{inboxTexts().signOut}</button>
          </form>
        )}
      </header>
      <main id="main" class="wide" tabindex={-1}>
        {children}
      </main>
    </Page>
  );
}

/** A page that says one thing and what to do. */
export function Notice({ title, children, ...frame }: FrameProps): Child {
  return (
    <Frame title={title} {...frame}>
      <div class="card prose">
        <h1>{title}</h1>
        {children}
      </div>
    </Frame>
  );
}
