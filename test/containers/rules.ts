/** Of a variable whose value nobody should read. */
export const SECRET_NAME = /KEY|SECRET|TOKEN|PASSWORD|PWD/;

/** An image of a certain version, not whatever is the latest. */
export function isPinned(image: string): boolean {
  return /^[\w./-]+:\d[\w.-]*$/.test(image);
}
