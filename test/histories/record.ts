import { writeFileSync } from 'node:fs';
import { canonical } from './canonical';
import { factsOf } from './facts';
import { fileOf } from './files';
import { SECRETS } from './secrets';
import { Stage } from './stage';
import type { Story } from './stage';
import { BULK_STORIES } from './stories-bulk';
import { DEPLOYMENT_STORIES } from './stories-deployments';
import { ENSURE_STORIES } from './stories-ensure';
import { HEALTH_STORIES } from './stories-health';
import { HOLD_STORIES } from './stories-holds';
import { LIMIT_STORIES } from './stories-limits';
import { RECREATE_STORIES } from './stories-recreate';
import { REQUEST_STORIES } from './stories-requests';
import { SET_UP_STORIES } from './stories-set-ups';
import { USER_STORIES } from './stories-users';
import { WATCH_STORIES } from './stories-watch';
import { RECORDINGS } from './table';
import { hits, textsIn } from '../support/history-scan';

// Not a test: `npm run histories` plays every story and keeps its history. A part of them: `npm run histories -- -t NAME`.

const ANEW = RECORDINGS.filter(({ isOld }) => !isOld);
const STORIES = {
  ...REQUEST_STORIES,
  ...RECREATE_STORIES,
  ...ENSURE_STORIES,
  ...WATCH_STORIES,
  ...LIMIT_STORIES,
  ...HOLD_STORIES,
  ...HEALTH_STORIES,
  ...BULK_STORIES,
  ...SET_UP_STORIES,
  ...DEPLOYMENT_STORIES,
  ...USER_STORIES,
};

test('every recording has a story, and every story a row in the table', () => {
  expect(Object.keys(STORIES).sort()).toEqual(ANEW.map(({ name }) => name).sort());
});

test.each(ANEW)('$name', async ({ name, workflow, status, question }) => {
  const { on, change, play }: Story = STORIES[name]!;
  const stage = await Stage.open(on, change);
  try {
    const run = await play(stage);
    await stage.atRest(run);
    const history = await stage.historyOf(run);
    expect(factsOf(history)).toEqual({ workflow, status, question });
    const { secretKey, webhookSigningKey } = stage.nango;
    const keys = new Map([...SECRETS, ['the key of Nango', secretKey], ['the signing key', webhookSigningKey]]);
    expect(await hits(textsIn(history, name), keys)).toEqual([]);
    writeFileSync(fileOf(name), canonical(history));
  } finally {
    await stage.close();
  }
});
