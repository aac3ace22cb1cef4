/** Of a longer name a page would have no room for what is to be done. */
const MAX_NAME_CHARS = 60;

/** As much of a name as a page shows, cut between words where there are some. */
export function shortened(name: string): string {
  const characters = Array.from(name);
  const start = characters.slice(0, MAX_NAME_CHARS - 1).join('');
  return characters.length <= MAX_NAME_CHARS ? name : `${start.replace(/\s+\S{0,20}$/, '')}…`;
}
