/** A program and its arguments as a line that can be pasted into a POSIX shell. */
export function shellCommand(file: string, args: readonly string[]): string {
  return [file, ...args].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
