import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireMintingKey, requireSecretKey, resolveConfig } from '../src/config';
import { detailsOf, findNangoFailure } from '../src/contract/errors';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tn-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const dotEnv = (...lines: string[]): void => writeFileSync(join(cwd, '.env'), lines.join('\n'));
const resolve = (env: NodeJS.ProcessEnv = {}) => resolveConfig({ env, cwd });

describe('without any setting', () => {
  test('Nango’s cloud, the default label and no keys', () => {
    expect(resolve()).toEqual({
      baseUrl: 'https://api.nango.dev',
      publicBaseUrl: undefined,
      secretKey: undefined,
      connectKey: undefined,
      webhookSigningKeys: [],
      environment: 'default',
      taskQueue: 'nango',
      linkKeys: [],
      publicUrl: undefined,
      inboxUrl: undefined,
      inboxToken: undefined,
      appName: undefined,
      brandColor: undefined,
      brandMark: undefined,
    });
  });
});

test('a colour in .env is in quotes, since a comment begins like one', () => {
  dotEnv('TEMPORAL_NANGO_BRAND_COLOR="#0f766e"', 'TEMPORAL_NANGO_BRAND_MARK=mark.svg');
  expect(resolve()).toMatchObject({ brandColor: '#0f766e', brandMark: 'mark.svg' });
});

describe('secrets that open something', () => {
  const [first, second] = ['a'.repeat(32), 'b'.repeat(64)];

  test('are taken as they are: link keys separated by commas, one token', () => {
    const env = { TEMPORAL_NANGO_LINK_KEYS: `${first}, ${second}`, TEMPORAL_NANGO_INBOX_TOKEN: `${first},${second}` };
    expect(resolve(env)).toMatchObject({ linkKeys: [first, second], inboxToken: `${first},${second}` });
  });

  test.each(['TEMPORAL_NANGO_LINK_KEYS', 'TEMPORAL_NANGO_INBOX_TOKEN'])(
    'cannot be guessed, or %s is refused',
    (name) => {
      expect(() => resolve({ [name]: 'short' })).toThrow(`${name} must have 32 characters or more`);
      expect(() => resolve({ [name]: 'short' })).not.toThrow(/short/);
    },
  );
});

describe('the secret key', () => {
  const NAMES = ['NANGO_TOOLBOX_SECRET_KEY', 'NANGO_SECRET_KEY'] as const;

  // Each of the four places holds a key of its own; the first ones are taken away one by one.
  test.each<[string, NodeJS.ProcessEnv, string[], string]>([
    [
      'the environment by its own name',
      { [NAMES[0]]: 'k1', [NAMES[1]]: 'k2' },
      [`${NAMES[0]}=k3`, `${NAMES[1]}=k4`],
      'k1',
    ],
    ['then the environment by its alias', { [NAMES[1]]: 'k2' }, [`${NAMES[0]}=k3`, `${NAMES[1]}=k4`], 'k2'],
    ['then .env by its own name', {}, [`${NAMES[1]}=k4`, `${NAMES[0]}=k3`], 'k3'],
    ['then .env by its alias', {}, [`${NAMES[1]}=k4`], 'k4'],
  ])('comes from %s', (_, env, file, expected) => {
    dotEnv(...file);
    expect(resolve(env).secretKey).toBe(expected);
  });

  test('an empty value counts as absent', () => {
    dotEnv(`${NAMES[0]}=""`, `${NAMES[1]}=k4`);
    expect(resolve({ [NAMES[0]]: '', [NAMES[1]]: '  ' }).secretKey).toBe('k4');
  });

  test('when required and missing, the message has the three steps to one', () => {
    const failure = refusalOf(() => requireSecretKey(resolve()));
    expect(failure.field).toBe(NAMES[0]);
    expect(failure.message).toMatch(/\(1\).*https:\/\/app\.nango\.dev\/signup.*\(2\).*secret key.*\(3\).*\.env/s);
  });

  test('when required and present, it is handed out', () => {
    expect(requireSecretKey(resolve({ [NAMES[0]]: 'k1' }))).toBe('k1');
  });
});

describe('the key that mints links', () => {
  test('is the connect key', () => {
    const config = resolve({ NANGO_CONNECT_KEY: 'mint', NANGO_SECRET_KEY: 'all' });
    expect(requireMintingKey(config)).toBe('mint');
  });

  test('is the secret key where there is no connect key', () => {
    expect(requireMintingKey(resolve({ NANGO_SECRET_KEY: 'all' }))).toBe('all');
  });

  test('is missed by the name of the secret key where there is neither', () => {
    expect(refusalOf(() => requireMintingKey(resolve())).field).toBe('NANGO_TOOLBOX_SECRET_KEY');
  });
});

describe('the base URL', () => {
  test('comes from the environment first', () => {
    dotEnv('NANGO_SERVER_URL=http://file.example');
    expect(resolve({ NANGO_SERVER_URL: 'http://env.example' }).baseUrl).toBe('http://env.example');
  });

  test('then from .env', () => {
    dotEnv('NANGO_SERVER_URL=http://file.example');
    expect(resolve({ NANGO_SERVER_URL: '' }).baseUrl).toBe('http://file.example');
  });

  test.each([
    ['http://localhost:3003/', 'http://localhost:3003'],
    ['https://example.com/nango//', 'https://example.com/nango'],
    [' HTTPS://Example.com ', 'https://example.com'],
    ['https://example.com/nango/?', 'https://example.com/nango'],
  ])('%j is taken as %s', (given, taken) => {
    expect(resolve({ NANGO_SERVER_URL: given }).baseUrl).toBe(taken);
  });

  test('of the browser is a setting of its own', () => {
    const config = resolve({
      NANGO_SERVER_URL: 'http://nango:3003',
      NANGO_PUBLIC_SERVER_URL: 'https://nango.example/',
    });
    expect(config).toMatchObject({ baseUrl: 'http://nango:3003', publicBaseUrl: 'https://nango.example' });
  });
});

describe('.env', () => {
  test('is read with comments, quotes, export and values that hold =', () => {
    dotEnv('# a comment', 'export NANGO_SECRET_KEY="a=b" # why', "TEMPORAL_NANGO_ENVIRONMENT='staging'");
    expect(resolve()).toMatchObject({ secretKey: 'a=b', environment: 'staging' });
  });

  test('is read with what editors on Windows put at its beginning and before the end of a line', () => {
    dotEnv('\ufeffNANGO_SECRET_KEY=first\r', 'TEMPORAL_NANGO_ENVIRONMENT="staging"\r');
    expect(resolve()).toMatchObject({ secretKey: 'first', environment: 'staging' });
  });

  test('that is no UTF-8 is refused rather than passed over', () => {
    writeFileSync(join(cwd, '.env'), '\ufeffNANGO_SECRET_KEY=first\r\n', 'utf16le');
    expect(refusalOf(() => resolve()).field).toBe('.env');
  });

  test('is read from the working directory unless told otherwise', () => {
    dotEnv('TEMPORAL_NANGO_ENVIRONMENT=here');
    const spy = jest.spyOn(process, 'cwd').mockReturnValue(cwd);
    try {
      expect(resolveConfig({ env: {} }).environment).toBe('here');
    } finally {
      spy.mockRestore();
    }
  });

  test('does not get into process.env', () => {
    dotEnv('NANGO_SECRET_KEY=k4', 'TN_TEST_MARKER=1');
    const before = { ...process.env };
    resolveConfig({ cwd });
    expect(process.env).toEqual(before);
  });

  test('that cannot be read is refused rather than passed over', () => {
    mkdirSync(join(cwd, '.env'));
    expect(refusalOf(() => resolve()).field).toBe('.env');
  });
});

describe('webhook signing keys', () => {
  test('are a list separated by commas, without what is empty', () => {
    expect(resolve({ NANGO_WEBHOOK_SIGNING_KEYS: ' new , old,, ' }).webhookSigningKeys).toEqual(['new', 'old']);
  });
});

describe('the label of the environment', () => {
  test.each(['prod', 'eu-1.prod_x', 'x'.repeat(64)])('may be %s', (label) => {
    expect(resolve({ TEMPORAL_NANGO_ENVIRONMENT: label }).environment).toBe(label);
  });
});

test('the task queue may have any name that Temporal takes', () => {
  expect(resolve({ TEMPORAL_NANGO_TASK_QUEUE: 'q'.repeat(1_000) }).taskQueue).toHaveLength(1_000);
});

describe('a setting that is refused is named, and its value is not said', () => {
  const SECRET = 'do-not-say-this';

  test.each<[string, string, string]>([
    ['no URL', 'NANGO_SERVER_URL', SECRET],
    ['a URL without a host', 'NANGO_SERVER_URL', `http://`],
    ['a URL of another protocol', 'NANGO_SERVER_URL', `ftp://${SECRET}`],
    ['a host and port without a protocol', 'NANGO_SERVER_URL', `${SECRET}:3003`],
    ['a URL with a user', 'NANGO_SERVER_URL', `https://${SECRET}@example.com`],
    ['a URL with a password', 'NANGO_SERVER_URL', `https://:${SECRET}@example.com`],
    ['a URL with a query', 'NANGO_SERVER_URL', `https://example.com/?key=${SECRET}`],
    ['a URL with a fragment', 'NANGO_SERVER_URL', `https://example.com/#${SECRET}`],
    ['no URL for browsers', 'NANGO_PUBLIC_SERVER_URL', SECRET],
    ['a URL for browsers with a password', 'NANGO_PUBLIC_SERVER_URL', `https://:${SECRET}@example.com`],
    ['a session token as the key', 'NANGO_TOOLBOX_SECRET_KEY', `nango_connect_session_${SECRET}`],
    ['a session token as the key by its alias', 'NANGO_SECRET_KEY', `nango_connect_session_${SECRET}`],
    ['a session token as the connect key', 'NANGO_CONNECT_KEY', `nango_connect_session_${SECRET}`],
    ['a key of two words', 'NANGO_TOOLBOX_SECRET_KEY', `Bearer ${SECRET}`],
    ['a key with a line break', 'NANGO_SECRET_KEY', `a\n${SECRET}`],
    ['a key beyond ASCII', 'NANGO_CONNECT_KEY', `${SECRET}…`],
    ['a label with a slash', 'TEMPORAL_NANGO_ENVIRONMENT', `${SECRET}/x`],
    ['a label that is too long', 'TEMPORAL_NANGO_ENVIRONMENT', SECRET.repeat(5)],
    ['a task queue that is too long', 'TEMPORAL_NANGO_TASK_QUEUE', SECRET.repeat(67)],
  ])('%s: %s', (_, name, value) => {
    const { field, message } = refusalOf(() => resolve({ [name]: value }));
    expect(field).toBe(name);
    expect(message).toContain(name);
    expect(message).not.toContain(SECRET);
  });

  test('also when it stands in .env', () => {
    dotEnv(`NANGO_SERVER_URL=ftp://${SECRET}`);
    expect(refusalOf(() => resolve())).toMatchObject({ field: 'NANGO_SERVER_URL' });
  });
});

function refusalOf(act: () => unknown): { field?: string; message: string } {
  try {
    act();
  } catch (error) {
    const failure = findNangoFailure(error);
    expect(failure).toMatchObject({ type: 'Nango.Misconfigured', nonRetryable: true });
    return { field: failure && detailsOf(failure).field, message: failure?.message ?? '' };
  }
  throw new Error('was not refused');
}
