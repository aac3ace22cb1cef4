import { problemsOfCompose } from './containers/compose-problems';
import { problemsOfDockerfile } from './containers/dockerfile-problems';
import { interpolate } from './containers/interpolate';
import { readRoot } from './containers/root';

// No container is started here. Each check of the texts is shown to find what it looks for, in a broken variant of them.

const dockerfile = readRoot('Dockerfile');
const dockerignore = readRoot('.dockerignore');
const compose = readRoot('docker-compose.yml');
const envExample = readRoot('.env.example');

/** The text with one thing changed, which must be in it. */
function changed(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

test('an image can be built, and runs as nobody special, with a health check', () => {
  expect(problemsOfDockerfile(dockerfile, dockerignore)).toEqual([]);
});

test.each([
  [
    'an image of no version',
    'FROM node:24-bookworm-slim AS build',
    'FROM node AS build',
    'the image node is not pinned',
  ],
  [
    'a Node of the past',
    'FROM node:24-bookworm-slim AS worker',
    'FROM node:20-bookworm-slim AS worker',
    'node:20-bookworm-slim is a Node of the past',
  ],
  ['a source that is not in git', 'COPY src src', 'COPY lib src', 'lib is not in git'],
  ['a source that is ignored', 'COPY src src', 'COPY test src', 'test is kept out by .dockerignore'],
  ['a script that does not exist', 'npm run build', 'npm run built', 'there is no script built'],
  [
    'a stage that does not exist',
    '--from=build /app/lib',
    '--from=built /app/lib',
    'there is no stage built to copy from',
  ],
  ['a folder that nobody makes', '/app/lib lib', '/app/dist lib', 'the stage build does not make /app/dist'],
  ['a key in the image', 'NODE_ENV=production', 'NANGO_SECRET_KEY=x', 'NANGO_SECRET_KEY would be in the image'],
  ['a key as a build argument', 'ENV NODE_ENV=production', 'ARG NPM_TOKEN', 'NPM_TOKEN would be in the image'],
  ['root', 'USER node', 'USER root', 'it runs as root'],
  ['root by default', 'USER node\n', '', 'it runs as root'],
  ['a program that does not exist', '"lib/worker.js"', '"lib/main.js"', 'there is no lib/main.js'],
  ['a health check that does not exist', 'lib/healthcheck.js', 'lib/health.js', 'there is no lib/health.js'],
  ['no health check', /HEALTHCHECK.*/.exec(dockerfile)?.[0] ?? '', 'HEALTHCHECK NONE', 'it has no health check'],
  [
    'a shell before the worker',
    'CMD ["node", "lib/worker.js"]',
    'CMD node lib/worker.js',
    'its command is not a JSON array, so a shell gets its signals',
  ],
])('in the Dockerfile, %s is found', (_, from, to, problem) => {
  expect(problemsOfDockerfile(changed(dockerfile, from, to), dockerignore)).toContain(problem);
});

test('an ignore list that lets everything in is found', () => {
  const open = changed(dockerignore, '\n*\n', '\nnode_modules\n');
  expect(problemsOfDockerfile(dockerfile, open)).toContain('.dockerignore does not begin with everything');
});

test('what compose starts exists, is pinned, waits for what it needs and is closed to other machines', () => {
  expect(problemsOfCompose(compose, envExample)).toEqual([]);
});

test.each([
  [
    'a word that compose does not know',
    'stop_grace_period:',
    'stop_grace:',
    expect.stringContaining('/services/worker'),
  ],
  [
    'no time to drain',
    'stop_grace_period: 45s',
    'stop_grace_period: 30s',
    'worker: it is killed before it has drained',
  ],
  [
    'a worker that stays dead',
    /restart: unless-stopped\n\n {2}web:/,
    'restart: on-failure:1\n\n  web:',
    'worker: it is not started again',
  ],
  [
    'a Dockerfile that does not exist',
    'dockerfile: Dockerfile',
    'dockerfile: Containerfile',
    'worker: there is no Containerfile',
  ],
  ['a stage that does not exist', 'target: worker', 'target: runtime', 'worker: Dockerfile has no stage runtime'],
  ['a setting that nobody reads', 'NANGO_SERVER_URL: $', 'NANGO_URL: $', 'worker: nobody reads NANGO_URL'],
  [
    'an image of no version',
    'temporalio/ui:2.49.1',
    'temporalio/ui:latest',
    'ui: the image temporalio/ui:latest is not pinned',
  ],
  [
    'an unknown image',
    'temporalio/ui:2.49.1',
    'temporalio/web:1.0.0',
    'ui: nothing is known of the image temporalio/web:1.0.0',
  ],
  [
    'a variable of another image',
    'POSTGRES_PWD:',
    'POSTGRES_PASSWORD:',
    'temporal: temporalio/server:1.32.0 does not read POSTGRES_PASSWORD',
  ],
  ['a program of another image', "'pg_isready'", "'nc'", 'postgres: postgres:16-bookworm has no nc'],
  [
    'a tool that does not exist',
    'temporal-sql-tool',
    'temporal-pg-tool',
    'schema: temporalio/admin-tools:1.32.0 has no temporal-pg-tool',
  ],
  [
    'a literal password',
    'SQL_PASSWORD: ${POSTGRES_PASSWORD:?set it in .env}',
    'SQL_PASSWORD: temporal',
    'schema: SQL_PASSWORD is literal',
  ],
  [
    'a password by default',
    'POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in .env}',
    'POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-temporal}',
    'postgres: POSTGRES_PASSWORD is literal',
  ],
  [
    'a key behind its other name',
    '${NANGO_SECRET_KEY:?set NANGO_TOOLBOX_SECRET_KEY in .env}',
    '${NANGO_SECRET_KEY:-the-key}',
    'worker: NANGO_TOOLBOX_SECRET_KEY is literal',
  ],
  ['an image that may be written to', 'read_only: true', 'read_only: false', 'worker: it may write to its image'],
  ['a right of root', 'cap_drop: [ALL]', 'cap_drop: [NET_RAW]', 'temporal: it has rights of root'],
  [
    'a right of root that is given back',
    'user: postgres\n',
    'user: postgres\n    cap_add: [CHOWN]\n',
    'postgres: it has rights of root',
  ],
  ['a way to root', 'no-new-privileges:true', 'no-new-privileges:false', 'web: it may become root'],
  ['a service that is not confined', /web:\n {4}<<: \*confined\n/, 'web:\n', 'web: it may write to its image'],
  ['memory without a limit', 'memory: 512M, ', '', 'web: there is no limit to its memory'],
  ['processes without a limit', ', pids: 500', '', 'temporal: there is no limit to its pids'],
  [
    'processors without a limit',
    "limits: { cpus: '2', memory: 1G,",
    'limits: { memory: 1G,',
    'postgres: there is no limit to its cpus',
  ],
  ['a database that begins as root', 'user: postgres\n', 'user: root\n', 'postgres: it begins as root'],
  [
    'a folder that cannot be written to',
    "tmpfs: ['/home/ui-server/config:mode=1777']",
    'tmpfs: [/tmp]',
    'ui: it cannot write to /home/ui-server/config',
  ],
  [
    'a server that is too old to be fair',
    'temporalio/server:1.32.0',
    'temporalio/server:1.31.0',
    'temporal: 1.31.0 must not be told to be fair',
  ],
  ['a server that is not fair', './deploy/dynamicconfig.yaml', './tsconfig.json', 'temporal: it is not fair'],
  ['a port for everybody', '127.0.0.1:7233:7233', '7233:7233', 'temporal: 7233:7233 is open to other machines'],
  ['a volume that does not exist', 'postgres:/var/lib', 'database:/var/lib', 'postgres: there is no volume database'],
  [
    'a file that does not exist',
    './deploy/dynamicconfig.yaml',
    './deploy/config.yaml',
    'there is no ./deploy/config.yaml',
  ],
  ['a config that does not exist', 'source: dynamicconfig', 'source: config', 'temporal: there is no config config'],
  [
    'a config elsewhere',
    'target: /etc/temporal/dynamicconfig.yaml',
    'target: /etc/dynamicconfig.yaml',
    'temporal: nothing is at /etc/temporal/dynamicconfig.yaml',
  ],
  ['a service that does not exist', '      schema:\n', '      schemas:\n', 'temporal: there is no service schemas'],
  ['an end that never comes', 'restart: on-failure:10', 'restart: always', 'worker: namespace never ends'],
  [
    'health that nobody checks',
    / {4}healthcheck:\n {6}test: \['CMD', 'nc'(.*\n){5}/,
    '',
    'ui: temporal has no health check',
  ],
  [
    'a variable that .env.example lacks',
    '${NANGO_CONNECT_KEY:-}',
    '${CONNECT_KEY:-}',
    '.env.example does not know CONNECT_KEY',
  ],
  [
    'a variable that only .env.example has',
    '${TEMPORAL_NANGO_APP_NAME:-}',
    "''",
    'TEMPORAL_NANGO_APP_NAME of .env.example is not used',
  ],
] as [string, string | RegExp, string, unknown][])('in the compose file, %s is found', (_, from, to, problem) => {
  const text = compose.replace(from, to);
  expect(text).not.toBe(compose);
  expect(problemsOfCompose(text, envExample)).toContainEqual(problem);
});

test.each(['NANGO_TOOLBOX_SECRET_KEY', 'NANGO_SECRET_KEY'])('the worker takes its key from %s', (name) => {
  const [, value = ''] = /^ +NANGO_TOOLBOX_SECRET_KEY: (.*)$/m.exec(compose) ?? [];
  expect(interpolate(value, { [name]: 'the-key' })).toBe('the-key');
  expect(() => interpolate(value, {})).toThrow('set NANGO_TOOLBOX_SECRET_KEY in .env');
});

test('a secret in .env.example is found', () => {
  const filled = changed(envExample, 'NANGO_SECRET_KEY=', 'NANGO_SECRET_KEY=x');
  expect(problemsOfCompose(compose, filled)).toContain('.env.example has a value for NANGO_SECRET_KEY');
});
