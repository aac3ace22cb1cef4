import type { Child } from 'hono/jsx';
import type { AppField, Failure, SetUpQuestion, SetUpView } from '../../contract/types';
import { foreign } from '../foreign';
import { Foreign, Said } from '../said';
import { inboxTexts } from '../texts/current';
import { SetUpBadge } from './badge';
import { Deadline } from './deadline';
import { scopesIn } from './words';

interface SetUpDetailProps {
  view: SetUpView;
  /** of this page */
  here: string;
  /** whether this process can send credentials to Nango itself */
  sends: boolean;
  now: number;
}

/** One set-up: how it stands, and what an operator may choose. */
export function SetUpDetail({ view, here, sends, now }: SetUpDetailProps): Child {
  const { setUps } = inboxTexts();
  const { question } = view;
  return (
    <>
      <section id="facts" data-live aria-labelledby="facts-title">
        <h2 id="facts-title">{inboxTexts().detail.facts}</h2>
        <SetUpFacts view={view} now={now} />
      </section>
      {question === undefined ? (
        <p>{view.status === 'checking' ? setUps.checking : setUps.over}</p>
      ) : (
        <Choices view={view} question={question} here={here} sends={sends} />
      )}
    </>
  );
}

function SetUpFacts({ view, now }: { view: SetUpView; now: number }): Child {
  const { setUps } = inboxTexts();
  const { status, integration, provider, question, problem, subscribers, reminders } = view;
  return (
    <>
      {problem !== undefined && (
        <p class="card warning">
          {setUps.problem} <Said text={problemOf(problem)} />
          {problem.scope !== undefined && <Said text={setUps.lacks(problem.scope)} />}
        </p>
      )}
      <dl class="about card">
        <Fact name={setUps.status}>
          <SetUpBadge status={status} />
        </Fact>
        <Fact name={setUps.integration}>
          <Foreign text={integration} />
        </Fact>
        <Fact name={setUps.provider}>
          <Foreign text={provider} />
        </Fact>
        <Fact name={setUps.authMode}>{question && <Foreign text={question.authMode} />}</Fact>
        <Fact name={setUps.deadline}>{question && <Deadline at={question.deadline} now={now} />}</Fact>
        <Fact name={setUps.subscribers}>{subscribers}</Fact>
        <Fact name={inboxTexts().list.reminders}>{reminders}</Fact>
      </dl>
    </>
  );
}

/** In words where there are any; a page of errors has the same. */
function problemOf({ field, type }: Failure): string {
  const { errors } = inboxTexts();
  const known = [field, type].find((name): name is keyof typeof errors => Object.hasOwn(errors, name ?? ''));
  return known === undefined ? foreign(type) : `${errors[known].title}.`;
}

interface ChoicesProps {
  view: SetUpView;
  question: SetUpQuestion;
  here: string;
  sends: boolean;
}

function Choices({ view, question, here, sends }: ChoicesProps): Child {
  const { setUps } = inboxTexts();
  const { choices } = question;
  return (
    <>
      {choices.includes('nangoApp') && (
        <section aria-labelledby="nango-app-title">
          <h2 id="nango-app-title">{setUps.nangoApp.title}</h2>
          <p>{setUps.nangoApp.text}</p>
          <form class="actions" method="post" action={`${here}/nango-app`}>
            <button class="primary">{setUps.nangoApp.button}</button>
          </form>
        </section>
      )}
      {choices.includes('own') && <Own view={view} question={question} here={here} sends={sends} />}
      <section aria-labelledby="made-title">
        <h2 id="made-title">{choices.length === 1 ? setUps.made.only : setUps.made.title}</h2>
        <ol>
          {setUps.made.steps(view.provider, view.integration).map((step) => (
            <li>
              <Said text={step} />
            </li>
          ))}
        </ol>
        <form class="actions" method="post" action={`${here}/made`}>
          <button>{setUps.made.button}</button>
          <a id="decline" class="button" href={`${here}/decline`}>
            {inboxTexts().detail.decline}
          </a>
        </form>
      </section>
    </>
  );
}

/** The way to an app of one's own, and its credentials: they go to Nango from here, or the worker reads them. */
function Own({ view, question, here, sends }: ChoicesProps): Child {
  const { setUps } = inboxTexts();
  const { own } = setUps;
  const { docs, callbackUrl, scopes, moreScopes, fields } = question;
  return (
    <section aria-labelledby="own-title">
      <h2 id="own-title">{own.title}</h2>
      <ol>
        <li>
          {own.register}
          {/* What a memo holds, anybody may have written. */}
          {docs?.startsWith('https://') && (
            <>
              {' '}
              <a href={docs} rel="noreferrer">
                {own.docs}
              </a>
            </>
          )}
        </li>
        {callbackUrl !== undefined && (
          <li>
            {own.callback} <code>{<Foreign text={callbackUrl} />}</code>
          </li>
        )}
        {scopes !== undefined && (
          <li>
            {/* Whoever ticks them needs them all. */}
            {own.scopes} <Said text={scopesIn(scopes, moreScopes, scopes.length)} />
          </li>
        )}
        <li>{sends ? own.enter : own.name}</li>
      </ol>
      {sends ? (
        <form class="fields" method="post" action={`${here}/own`}>
          {fields.map((field) => (
            <Field field={field} />
          ))}
          <p class="quiet">{own.secret}</p>
          <button class="primary">{own.button}</button>
        </form>
      ) : (
        <p>
          <code>
            <Said text={own.command(view.provider, view.integration, fields)} />
          </code>
        </p>
      )}
    </section>
  );
}

function Field({ field }: { field: AppField }): Child {
  const { setUps } = inboxTexts();
  const label = setUps.own.fields[field];
  if (field === 'privateKey') {
    return (
      <>
        <label for={field}>{label}</label>
        <textarea id={field} name={field} rows={6} required autocomplete="off" spellcheck={false}></textarea>
      </>
    );
  }
  const isSecret = field === 'clientSecret';
  return (
    <>
      <label for={field}>{label}</label>
      <input id={field} name={field} type={isSecret ? 'password' : 'text'} required autocomplete="off" />
    </>
  );
}

function Fact({ name, children }: { name: string; children?: Child }): Child {
  if (children === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
