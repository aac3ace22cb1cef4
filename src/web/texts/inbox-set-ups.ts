import type { AppField } from '../../contract/types';
import { shellCommand } from '../../dev/shell-command';
import { foreign } from '../foreign';

/** Of `temporal-nango integrations add`. */
const APP_OPTIONS: Record<AppField, string> = {
  clientId: '--client-id ID',
  clientSecret: '--client-secret-env NAME',
  appId: '--app-id ID',
  appLink: '--app-link URL',
  privateKey: '--private-key-env NAME',
};

/** Of integrations to set up. */
export const SET_UP_TEXTS = {
  setUps: {
    title: 'Integrations to set up',
    titleOf: (n: number): string => `Integrations to set up (${n})`,
    titleFor: (integration: string, provider: string): string =>
      integration === provider
        ? `Set up ${foreign(integration)}`
        : `Set up ${foreign(integration)} (${foreign(provider)})`,
    caption: (n: number): string =>
      `${n === 1 ? '1 integration waits' : `${n} integrations wait`} to be set up, newest first.`,
    integration: 'Integration',
    provider: 'Provider',
    authMode: 'Signs in by',
    status: 'Status',
    statuses: {
      checking: 'checking',
      waiting: 'waiting for an operator',
      ready: 'set up',
      declined: 'declined',
      timedOut: 'deadline passed',
      cancelled: 'cancelled',
    },
    waiting: 'Waiting',
    deadline: 'Deadline',
    subscribers: 'Waiting for it',
    emptyTitle: 'No integration waits to be set up',
    empty: 'One does when a workflow or a backend wants a connection of an integration that is missing. To set one up:',
    emptyCommand: 'temporal-nango integrations add hubspot',
    checking: 'It is being found out what there is to do. Reload the page in a moment.',
    over: 'It has ended: there is nothing left to do.',
    problem: 'The last try came to nothing:',
    lacks: (scope: string): string => ` It needs ${foreign(scope)}.`,
    nangoApp: {
      title: "Nango's developer app",
      text: 'Nango lends an app for some providers; this finds out whether for this one. People then see the name of Nango, and its scopes cannot be changed.',
      button: "Use Nango's app",
    },
    own: {
      title: 'A developer app of your own',
      register: 'Register an app with the provider.',
      docs: "The provider's documentation",
      callback: 'Give it this address, unless your Nango environment has one of its own:',
      scopes: 'Tick these scopes:',
      enter: 'Enter what the provider gives you:',
      name: 'This inbox has no Nango key, so no secret can be entered here. Put it into a variable where the worker runs, and name that:',
      secret: 'It goes from here to Nango, and is kept nowhere else.',
      fields: {
        clientId: 'Client ID',
        clientSecret: 'Client secret',
        appId: 'App ID',
        appLink: "Link to the app's page",
        privateKey: 'Private key',
      } satisfies Record<AppField, string>,
      button: 'Set it up',
      command: (provider: string, integration: string, fields: readonly AppField[]): string => {
        const key = integration === provider ? '' : ` --integration ${foreign(shellCommand(integration, []))}`;
        return `temporal-nango integrations add ${foreign(shellCommand(provider, []))}${key} ${fields.map((field) => APP_OPTIONS[field]).join(' ')}`;
      },
    },
    made: {
      title: "By hand, in Nango's dashboard",
      only: "By hand, in Nango's dashboard: its API cannot",
      steps: (provider: string, integration: string): string[] => [
        'Open Integrations in the dashboard, and Configure new integration.',
        `Choose ${foreign(provider)}, and give it the integration ID ${foreign(integration)}.`,
        'That it is there is noticed within some minutes, or at once by this button.',
      ],
      button: 'It is there: look now',
    },
    confirm: {
      title: 'Decline to set it up?',
      what: (integration: string): string =>
        `Everybody who waits for ${foreign(integration)} is told that an operator said no, and no workflow asks again for a day. It cannot be undone.`,
      yes: 'Decline',
    },
    outcome: {
      ready: 'It is set up: whoever waited goes on, and people are asked to connect.',
      begun: 'It is being carried out. Reload the page in a moment.',
      declined: 'Declined: whoever waited has been told.',
    },
  },
};
