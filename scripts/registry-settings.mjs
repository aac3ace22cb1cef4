import { spawnSync } from 'node:child_process';

/** Settings of npm and of pip that say where packages come from and whom to trust; none that says where things go. */
const NPM = ['registry', 'proxy', 'https-proxy', 'noproxy', 'cafile', 'ca', 'strict-ssl'];
const PIP = ['index-url', 'extra-index-url', 'find-links', 'trusted-host', 'cert', 'client-cert', 'proxy', 'no-index'];
const LOOPBACK = ['127.0.0.1', 'localhost'];
const CERTIFICATES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'];
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/**
 * Variables that let npm and pip reach their registries without the configuration files of this user's HOME, which are
 * asked for by npm and pip themselves. Credentials that stand in such a file are not read.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
export function registrySettings(env) {
  const settings = { ...ofPip(env), ...ofNpm(env) };
  for (const name of [...CERTIFICATES, ...PROXIES]) if (env[name]) settings[name] = env[name];
  const proxied = PROXIES.some((name) => settings[name]);
  // The servers of the tests are on loopback; a proxy would look for them on itself.
  if (proxied) {
    const direct = [settings.NO_PROXY ?? settings.no_proxy, ...LOOPBACK].filter(Boolean);
    settings.NO_PROXY = settings.no_proxy = direct.join();
  }
  return settings;
}

function ofNpm(env) {
  const { stdout, status } = spawnSync('npm', ['config', 'list', '--json'], { env, encoding: 'utf8' });
  const config = status === 0 ? JSON.parse(stdout) : {};
  const settings = {};
  for (const name of NPM) {
    // npm reads a list back from lines that are separated by an empty one.
    const value = [config[name] ?? ''].flat().join('\n\n');
    if (value !== '') settings[`npm_config_${name.replaceAll('-', '_')}`] = value;
  }
  return settings;
}

function ofPip(env) {
  // Lines such as `global.index-url='https://…'`; `:env:` is the environment, which wins. No Python, no pip.
  const { stdout } = spawnSync('python3', ['-m', 'pip', 'config', 'list'], { env, encoding: 'utf8' });
  const settings = {};
  for (const place of [/^(?:global|download)\.([\w-]+)='(.*)'$/gm, /^:env:\.([\w-]+)='(.*)'$/gm]) {
    for (const [, name, value] of (stdout ?? '').matchAll(place)) {
      if (PIP.includes(name)) settings[`PIP_${name.toUpperCase().replaceAll('-', '_')}`] = value;
    }
  }
  return settings;
}
