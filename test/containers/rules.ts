/** Of a variable whose value nobody should read. */
export const SECRET_NAME = /KEY|SECRET|TOKEN|PASSWORD|PWD/;

/** An image of a certain version, not whatever is the latest. */
export function isPinned(image: string): boolean {
  return /^[\w./-]+:\d[\w.-]*$/.test(image);
}

/** Even majors of Node that get fixes: https://github.com/nodejs/release#release-schedule. 20 ended in April 2026. */
const MAINTAINED = [22, 24];

/** Whether an image of Node gets fixes; any other image does for all that is known. */
export function isMaintained(image: string): boolean {
  const [, major] = /^node:(\d+)/.exec(image) ?? [];
  return major === undefined || MAINTAINED.includes(Number(major));
}
