/**
 * What `docker compose` makes of a value: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, one inside the other.
 * https://docs.docker.com/reference/compose-file/interpolation/
 *
 * @throws with the message of a variable that is required and not set
 */
export function interpolate(value: string, env: Record<string, string>): string {
  let out = '';
  for (let i = 0; i < value.length;) {
    if (!value.startsWith('${', i)) {
      out += value[i++];
      continue;
    }
    const end = closingBrace(value, i + 2);
    out += resolved(value.slice(i + 2, end), env);
    i = end + 1;
  }
  return out;
}

function resolved(inside: string, env: Record<string, string>): string {
  const [, name = '', operator, rest = ''] = /^(\w+)(?::([-?])(.*))?$/s.exec(inside) ?? [];
  const set = env[name];
  if (set) return set;
  if (operator === '?') throw new Error(rest);
  return operator === '-' ? interpolate(rest, env) : '';
}

function closingBrace(value: string, from: number): number {
  for (let depth = 1, i = from; i < value.length; i++) {
    if (value.startsWith('${', i)) depth++;
    if (value[i] === '}' && --depth === 0) return i;
  }
  throw new Error(`no end of ${value}`);
}
