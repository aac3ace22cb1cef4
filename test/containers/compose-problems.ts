import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';
import type { ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { canBeFair } from '../../src/dev/fairness';
import { stagesOf } from './dockerfile-problems';
import { readSettings } from './read-settings';
import { readRoot, ROOT } from './root';
import { isPinned, SECRET_NAME } from './rules';

/** Of Temporal: `SHUTDOWN_GRACE` of `src/worker.ts`. */
const DRAIN_SECONDS = Number(/SHUTDOWN_GRACE = '(\d+) seconds'/.exec(readRoot('src/worker.ts'))?.[1]);

/**
 * What the images of others read: https://hub.docker.com/_/postgres, `docker/config_template_embedded.yaml` and
 * `tools/sql/main.go` of temporalio/temporal, and the references of Temporal's UI and command line.
 */
const FOREIGN: Record<string, Foreign> = {
  postgres: {
    variables: ['POSTGRES_USER', 'POSTGRES_PASSWORD'],
    programs: ['pg_isready'],
    writes: ['/var/lib/postgresql/data', '/var/run/postgresql', '/tmp'],
    beginsAsRoot: true,
  },
  'temporalio/server': {
    variables: [
      'DB',
      'DB_PORT',
      'POSTGRES_SEEDS',
      'POSTGRES_USER',
      'POSTGRES_PWD',
      'BIND_ON_IP',
      'DYNAMIC_CONFIG_FILE_PATH',
    ],
    programs: ['nc'],
  },
  'temporalio/admin-tools': {
    variables: ['SQL_PASSWORD', 'TEMPORAL_ADDRESS'],
    programs: ['temporal', 'temporal-sql-tool', '/bin/sh'],
  },
  'temporalio/ui': { variables: ['TEMPORAL_ADDRESS'], programs: [], writes: ['/home/ui-server/config'] },
};

interface Foreign {
  variables: string[];
  programs: string[];
  /** folders that it cannot do without writing to */
  writes?: string[];
  /** it becomes another user by itself, for which it would need what is taken from it here */
  beginsAsRoot?: boolean;
}

const validate = compileSchema();

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string; target: string };
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  entrypoint?: string[];
  command?: string[];
  ports?: string[];
  volumes?: string[];
  tmpfs?: string[];
  user?: string;
  read_only?: boolean;
  privileged?: boolean;
  cap_add?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  deploy?: { resources?: { limits?: { [name: string]: unknown } } };
  configs?: { source: string; target: string }[];
  restart?: string;
  stop_grace_period?: string;
}

interface Compose {
  services: Record<string, Service>;
  volumes?: Record<string, unknown>;
  configs?: Record<string, { file: string }>;
}

/** What `docker compose` would stumble over, or should not do: one sentence each. */
export function problemsOfCompose(text: string, envExample: string): string[] {
  const compose = parse(text, { merge: true }) as Compose;
  const invalid = problemsOfSchema(compose);
  if (invalid.length > 0) return invalid;
  return [
    ...problemsOfInterpolation(text, envExample),
    ...problemsOfConfigs(compose),
    ...Object.entries(compose.services).flatMap(([name, service]) =>
      [
        ...(service.image === undefined ? problemsOfOurs(service) : problemsOfForeign(service)),
        ...problemsOfSecrets(service),
        ...problemsOfConfinement(service),
        ...problemsOfFairness(service, compose),
        ...problemsOfPorts(service),
        ...problemsOfVolumes(service, compose),
        ...problemsOfOrder(service, compose),
      ].map((problem) => `${name}: ${problem}`),
    ),
  ];
}

function problemsOfSchema(compose: Compose): string[] {
  if (validate(compose)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The Compose Specification's, of which a linter brings a recent copy. */
function compileSchema(): ValidateFunction {
  const path = join(dirname(require.resolve('dclint/package.json')), 'schemas/compose.schema.json');
  const schema = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  // It names its dialect by another scheme than the dialect does.
  delete schema.$schema;
  return new Ajv({ allErrors: true, strict: false }).compile(schema);
}

/** The variables of the file and those of `.env.example` are the same. */
function problemsOfInterpolation(text: string, envExample: string): string[] {
  const used = new Set([...text.matchAll(/(?<!\$)\$\{?(\w+)/g)].map(([, name]) => name ?? ''));
  const given = new Map(
    envExample
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split('=', 2) as [string, string]),
  );
  return [
    ...[...used].filter((name) => !given.has(name)).map((name) => `.env.example does not know ${name}`),
    ...[...given.keys()].filter((name) => !used.has(name)).map((name) => `${name} of .env.example is not used`),
    ...[...given]
      .filter(([name, value]) => SECRET_NAME.test(name) && value !== '')
      .map(([name]) => `.env.example has a value for ${name}`),
  ];
}

function problemsOfConfigs({ configs = {} }: Compose): string[] {
  return Object.values(configs)
    .filter(({ file }) => !existsSync(join(ROOT, file)))
    .map(({ file }) => `there is no ${file}`);
}

/** The worker's image is built here. */
function problemsOfOurs({ build, environment = {}, stop_grace_period: grace = '10s', restart }: Service): string[] {
  if (build === undefined) return ['it has neither an image nor a build'];
  const problems: string[] = [];
  if (!existsSync(join(ROOT, build.context, build.dockerfile))) problems.push(`there is no ${build.dockerfile}`);
  else if (!stagesOf(readRoot(build.dockerfile)).some(({ name }) => name === build.target))
    problems.push(`${build.dockerfile} has no stage ${build.target}`);
  const read = readSettings();
  for (const name of Object.keys(environment)) if (!read.has(name)) problems.push(`nobody reads ${name}`);
  if (!(Number(/^(\d+)s$/.exec(grace)?.[1]) > DRAIN_SECONDS)) problems.push('it is killed before it has drained');
  if (restart !== 'unless-stopped') problems.push('it is not started again');
  return problems;
}

function problemsOfForeign({ image = '', environment = {}, healthcheck, entrypoint, command }: Service): string[] {
  const problems = isPinned(image) ? [] : [`the image ${image} is not pinned`];
  const known = FOREIGN[image.split(':')[0] ?? ''];
  if (known === undefined) return [...problems, `nothing is known of the image ${image}`];
  for (const name of Object.keys(environment))
    if (!known.variables.includes(name)) problems.push(`${image} does not read ${name}`);
  const programs = [
    ...(healthcheck?.test.slice(1, 2) ?? []),
    ...(entrypoint?.slice(0, 1) ?? []),
    ...(command ?? []).flatMap((script) => script.match(/\btemporal(-[\w-]+)?(?= (-|operator))/g) ?? []),
  ];
  for (const program of programs) if (!known.programs.includes(program)) problems.push(`${image} has no ${program}`);
  return problems;
}

/** A variable that is required or may be empty, or one that gives way to another such: no value stands there itself. */
const FROM_OUTSIDE = /^\$\{\w+:(\?[^{}]+|-|-\$\{\w+:(\?[^{}]+|-)\})\}$/;

/** Secrets come from the environment of whoever starts it. */
function problemsOfSecrets({ environment = {} }: Service): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => SECRET_NAME.test(name) && !FROM_OUTSIDE.test(value))
    .map(([name]) => `${name} is literal`);
}

/** What breaks into one may neither write nor become root there, nor take the machine for itself. */
function problemsOfConfinement(service: Service): string[] {
  const problems: string[] = [];
  if (service.read_only !== true) problems.push('it may write to its image');
  const drops = service.cap_drop?.includes('ALL') === true;
  if (!drops || service.cap_add !== undefined || service.privileged) problems.push('it has rights of root');
  if (service.security_opt?.includes('no-new-privileges:true') !== true) problems.push('it may become root');
  const limits = service.deploy?.resources?.limits ?? {};
  for (const name of ['cpus', 'memory', 'pids'])
    if (limits[name] === undefined) problems.push(`there is no limit to its ${name}`);
  const { writes = [], beginsAsRoot } = FOREIGN[service.image?.split(':')[0] ?? ''] ?? {};
  const writable = [
    ...(service.tmpfs ?? []).map((place) => place.split(':')[0]),
    ...(service.volumes ?? []).map((volume) => volume.split(':')[1]),
  ];
  for (const place of writes) if (!writable.includes(place)) problems.push(`it cannot write to ${place}`);
  if (beginsAsRoot && /^(root|0)?(:|$)/.test(service.user ?? '')) problems.push('it begins as root');
  return problems;
}

/** Calls have a fairness key, which is for nothing where fairness is off, and does harm on an old server. */
function problemsOfFairness({ image = '', configs: used = [] }: Service, { configs = {} }: Compose): string[] {
  const [name, version = ''] = image.split(':');
  if (name !== 'temporalio/server') return [];
  const files = used
    .flatMap(({ source }) => configs[source]?.file ?? [])
    .filter((file) => existsSync(join(ROOT, file)));
  const settings = files.map((file) => parse(readRoot(file)) as { [key: string]: { value: unknown }[] } | null);
  const isOn = settings.some((setting) => setting?.['matching.enableFairness']?.some(({ value }) => value === true));
  if (!isOn) return ['it is not fair'];
  return canBeFair(version) ? [] : [`${version} must not be told to be fair`];
}

function problemsOfPorts({ ports = [] }: Service): string[] {
  return ports.filter((port) => !port.startsWith('127.0.0.1:')).map((port) => `${port} is open to other machines`);
}

function problemsOfVolumes({ volumes = [], configs = [], environment = {} }: Service, compose: Compose): string[] {
  const targets = configs.map(({ target }) => target);
  const file = environment.DYNAMIC_CONFIG_FILE_PATH;
  return [
    ...volumes
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((name) => !(name in (compose.volumes ?? {})))
      .map((name) => `there is no volume ${name}`),
    ...configs
      .filter(({ source }) => !(source in (compose.configs ?? {})))
      .map(({ source }) => `there is no config ${source}`),
    ...(file !== undefined && !targets.includes(file) ? [`nothing is at ${file}`] : []),
  ];
}

/** Nothing waits for what never comes: a health check that is not there, the end of what is started again for ever. */
function problemsOfOrder({ depends_on: dependencies = {} }: Service, { services }: Compose): string[] {
  return Object.entries(dependencies).flatMap(([name, { condition }]) => {
    const other = services[name];
    if (other === undefined) return [`there is no service ${name}`];
    if (condition === 'service_healthy' && other.healthcheck === undefined) return [`${name} has no health check`];
    if (condition === 'service_completed_successfully' && !other.restart?.startsWith('on-failure'))
      return [`${name} never ends`];
    return [];
  });
}
