import { MESSAGES, REASONS } from '../../src/contract/errors';
import {
  ACTIVITY,
  BULK_PROGRESS,
  DEPLOYMENT_DIGEST,
  DEPLOYMENT_VIEW,
  HOLDS,
  REQUEST_VIEW,
  SET_UP_VIEW,
  SIGNAL,
  UPDATE,
} from '../../src/contract/names';
import { name, peerDependencies, peerDependenciesMeta, scripts, version } from '../../package.json';
import { codeIn, rowsOf } from './pages';

/** Error types without a row of their own, and rows of types that do not exist. */
export function differingTypes(errors: string): string[] {
  const rows = columnOf(errors, 'type');
  const types = Object.keys(MESSAGES);
  return [
    ...types.filter((type) => rows.filter((row) => row === type).length !== 1).map((type) => `${type} has not one row`),
    ...rows.filter((row) => !types.includes(row)).map((row) => `${row} does not exist`),
  ];
}

/** The same for the reasons. */
export function differingReasons(errors: string): string[] {
  const rows = columnOf(errors, 'reason');
  const reasons: readonly string[] = REASONS;
  return [
    ...reasons.filter((reason) => !rows.includes(reason)).map((reason) => `${reason} has no row`),
    ...rows.filter((row) => !reasons.includes(row)).map((row) => `${row} does not exist`),
  ];
}

/** Error types that a page names and that do not exist. */
export function unknownTypes(page: string): string[] {
  return [...page.matchAll(/\bNango\.[A-Z]\w*/g)].map(([type]) => type).filter((type) => !(type in MESSAGES));
}

/** Names on the wire that the pages of the workflows use and that do not exist; and updates and signals they do not have. */
export function differingWireNames(pages: string[]): string[] {
  const used = pages.flatMap((page) => [...page.matchAll(/\bnango\.[a-z]\w*/g)].map(([name]) => name));
  const views = [REQUEST_VIEW, SET_UP_VIEW, DEPLOYMENT_VIEW, HOLDS];
  const messages: string[] = [...Object.values(SIGNAL), ...Object.values(UPDATE), ...views];
  const known: string[] = [...messages, BULK_PROGRESS, DEPLOYMENT_DIGEST, ...Object.values(ACTIVITY)];
  return [
    ...used.filter((name) => !known.includes(name)).map((name) => `${name} does not exist`),
    ...messages.filter((name) => !used.includes(name)).map((name) => `${name} is on no page`),
  ];
}

/** Scripts that a page has one run and that `package.json` does not have. */
export function unknownScripts(page: string): string[] {
  return [...page.matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)]
    .map(([, run, test]) => run ?? test ?? '')
    .filter((script) => !(script in scripts));
}

function columnOf(page: string, column: string): string[] {
  return rowsOf(page).flatMap((row) => (row[column] === undefined ? [] : (codeIn(row[column])[0] ?? row[column])));
}

/** What one has to install, and no command of the page installs: peers that are not optional by name, the package by the file that packing makes. */
export function notInstalled(page: string): string[] {
  const words = [...page.matchAll(/^npm install (.*)$/gm)].flatMap(([, line = '']) => line.split(' '));
  const needed = Object.keys(peerDependencies).filter((peer) => !(peer in peerDependenciesMeta));
  const peers = needed.filter((peer) => !words.some((word) => word.startsWith(`${peer}@`)));
  const file = `${name}-${version}.tgz`;
  return words.some((word) => word.endsWith(`/${file}`)) ? peers : [file, ...peers];
}
