import type { Tags } from '../../contract/types';
import { usage } from '../terminal/failure';

/** Tags that were given as key=value, one an option. @param option its name, such as `--tag` */
export function tagsIn(option: string, given: string[]): Tags {
  return Object.fromEntries(
    given.map((tag) => {
      const at = tag.indexOf('=');
      if (at < 1) throw usage(`${option} needs a tag as key=value.`);
      return [tag.slice(0, at), tag.slice(at + 1)];
    }),
  );
}
