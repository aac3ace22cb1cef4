import { shellCommand } from '../../dev/shell-command';
import type { DevSetting } from './start';

/** What another terminal, or a program, has to know. */
export interface DevAddresses {
  temporal: { address: string; uiUrl?: string };
  /** `fake`: made up, on this machine */
  nango: { url: string; fake: boolean };
  publicUrl: string;
  inboxUrl: string;
  loginUrl?: string;
  /** the environment of another terminal, but for the secrets that were set here */
  env: { [name: string]: string };
  /** secrets that were set here, and that another terminal needs too */
  needs: string[];
}

export function addressesOf({ temporal, config, fake, web, madeLinkKey }: DevSetting): DevAddresses {
  const { publicUrl = web.publicUrl, secretKeyName = 'NANGO_TOOLBOX_SECRET_KEY' } = config;
  // What a fake Nango's key opens is no secret; nor is a key that signs links of this machine's alone.
  const ofFake: DevAddresses['env'] =
    fake === undefined ? {} : { NANGO_SECRET_KEY: fake.secretKey, NANGO_WEBHOOK_SIGNING_KEYS: fake.webhookSigningKey };
  const links: DevAddresses['env'] = madeLinkKey === undefined ? {} : { TEMPORAL_NANGO_LINK_KEYS: madeLinkKey };
  return {
    temporal: { address: temporal.address, uiUrl: temporal.uiUrl },
    nango: { url: config.baseUrl, fake: fake !== undefined },
    publicUrl,
    inboxUrl: web.inboxUrl,
    loginUrl: web.loginUrl,
    env: {
      TEMPORAL_ADDRESS: temporal.address,
      NANGO_SERVER_URL: config.baseUrl,
      ...ofFake,
      ...links,
      TEMPORAL_NANGO_PUBLIC_URL: publicUrl,
    },
    needs: [
      ...(fake === undefined ? [secretKeyName] : []),
      ...(madeLinkKey === undefined ? ['TEMPORAL_NANGO_LINK_KEYS'] : []),
    ],
  };
}

/** The same for a person, with lines to paste into another terminal. */
export function addressesText({ temporal, nango, publicUrl, inboxUrl, loginUrl, env, needs }: DevAddresses): string {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${shellCommand(value, [])}`);
  return [
    `Temporal      ${temporal.address}, in a browser ${temporal.uiUrl}`,
    `Nango         ${nango.url}${nango.fake ? ', a made-up one: no key was found' : ''}`,
    `Connect page  ${publicUrl}`,
    `Inbox         ${loginUrl ?? inboxUrl}`,
    '',
    `In another terminal${needs.length === 0 ? '' : `, which needs the same ${needs.join(' and ')}`}:`,
    '',
    `  export ${settings.join(' ')}`,
    `  ${commandName()} ensure hubspot --end-user u_42 --wait`,
    '',
    'Ctrl-C ends all of it.',
  ].join('\n');
}

/** Whoever came by npx has no such command on the path. */
function commandName(): string {
  return process.env.npm_command === 'exec' ? 'npx temporal-nango' : 'temporal-nango';
}
