import { printable } from '../contract/rules/printable';

/** A request that got its response. Never a query or a header: secrets stand in them. */
export interface AccessLine {
  listener: 'public' | 'inbox';
  method: string;
  /** without what opens a request */
  path: string;
  status: number;
  /** from the request's head to the response's, in milliseconds */
  ms: number;
}

type Fetch<Bindings> = (request: Request, bindings: Bindings) => Response | Promise<Response>;

const MAX_PATH_CHARS = 200;
/** A signed part by itself, where somebody has asked for it below another path. */
const SIGNED = /1\.[\w-]+\.[\w-]+\.[\w-]+/g;

/** Logs every request that a handler responds to. */
export function accessLogged<Bindings>(
  listener: AccessLine['listener'],
  fetch: Fetch<Bindings>,
  log: (line: AccessLine) => void,
): Fetch<Bindings> {
  return async (request, bindings) => {
    const began = performance.now();
    const response = await fetch(request, bindings);
    const { method, url } = request;
    const ms = Math.round(performance.now() - began);
    log({ listener, method, path: loggedPath(url), status: response.status, ms });
    return response;
  };
}

/** The path of a URL, without what opens a request, in whatever spelling. It stays one line. */
export function loggedPath(url: string): string {
  return printable(withoutLinks(decoded(new URL(url).pathname))).slice(0, MAX_PATH_CHARS);
}

/** A text without what stands behind `connect/`: it opens a request. */
export function withoutLinks(text: string): string {
  return text.replace(/(connect\/+)[^/\s]+/gi, '$1<signed>').replace(SIGNED, '<signed>');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
