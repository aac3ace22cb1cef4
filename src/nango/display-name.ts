import { withoutControls } from '../contract/rules/printable';

const MAX_CHARS = 255;

/** What people call something at Nango, safe to show, and of 255 characters at most. */
export function displayNameOf(named: string): string {
  return withoutControls(named).slice(0, MAX_CHARS);
}
