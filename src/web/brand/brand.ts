import { readFileSync } from 'node:fs';
import type { NangoConfig } from '../../config';
import { nangoFailure } from '../../contract/errors';
import { MAX_PICTURE_BYTES, pictureOf } from '../logos/picture';
import type { Picture } from '../logos/picture';
import { shortened } from '../shortened';

const COLOR_SETTING = 'TEMPORAL_NANGO_BRAND_COLOR';
const MARK_SETTING = 'TEMPORAL_NANGO_BRAND_MARK';

/** How the public pages show whose they are, beside `appName` of the settings. */
export interface Brand {
  /**
   * Of the button, and in a shade that can be read of links, as `#rrggbb`; default `TEMPORAL_NANGO_BRAND_COLOR`, else the
   * pages' own blue
   */
  color?: string;
  /**
   * Stands beside the name: the bytes of a picture or the path of its file, which is read at the start. SVG, PNG, JPEG, WebP
   * or GIF of 256 KB at most; default `TEMPORAL_NANGO_BRAND_MARK`, else the first letter of the name
   */
  mark?: Uint8Array | string;
}

/** What the pages show of the application. */
export interface ShownBrand {
  name?: string;
  color?: string;
  mark?: Picture;
}

/** @throws Nango.Misconfigured naming the option or the setting */
export function readBrand({ color, mark }: Brand, { appName, brandColor, brandMark }: NangoConfig): ShownBrand {
  return {
    name: appName === undefined ? undefined : shortened(appName),
    color: color === undefined ? checkColor(brandColor, COLOR_SETTING) : checkColor(color, 'brand.color'),
    mark: mark === undefined ? readMark(brandMark, MARK_SETTING) : readMark(mark, 'brand.mark'),
  };
}

function checkColor(color: string | undefined, field: string): string | undefined {
  if (color === undefined || /^#[\da-f]{6}$/i.test(color)) return color;
  throw misconfigured(field, 'must be a colour such as #1a56c4');
}

function readMark(mark: Uint8Array | string | undefined, field: string): Picture | undefined {
  if (mark === undefined) return undefined;
  const picture = pictureOf(typeof mark === 'string' ? readFile(mark, field) : Buffer.from(mark));
  if (picture !== undefined) return picture;
  throw misconfigured(field, `must be an SVG, PNG, JPEG, WebP or GIF of at most ${MAX_PICTURE_BYTES / 1024} KB`);
}

function readFile(path: string, field: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw misconfigured(field, 'names a file that cannot be read');
  }
}

function misconfigured(field: string, rule: string): Error {
  return nangoFailure('Nango.Misconfigured', { field, hint: `${field} ${rule}.` });
}
