/** A picture that a browser may be sent. */
export interface Picture {
  type: PictureType;
  bytes: Buffer;
}

type PictureType = 'image/svg+xml' | 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';

/** More is nobody's logo. */
export const MAX_PICTURE_BYTES = 256 * 1024;

/** Comments and declarations of drawing programs stand before the first element. */
const SVG_HEAD_BYTES = 8 * 1024;

/** What bytes are, by what they begin with; nothing if that is no picture, or they are too many. */
export function pictureOf(bytes: Buffer): Picture | undefined {
  const type = bytes.length > MAX_PICTURE_BYTES ? undefined : typeOf(bytes);
  return type && { type, bytes };
}

function typeOf(bytes: Buffer): PictureType | undefined {
  const head = bytes.toString('latin1', 0, 12);
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(head)) return 'image/gif';
  if (/^RIFF[^]{4}WEBP/.test(head)) return 'image/webp';
  return isSvg(bytes.toString('utf8', 0, SVG_HEAD_BYTES)) ? 'image/svg+xml' : undefined;
}

/** Whether the first element is `svg`, whatever is declared before it. */
function isSvg(text: string): boolean {
  let rest = text.replace(/^\uFEFF/, '').trimStart();
  for (let end = endOfDeclaration(rest); end !== undefined; end = endOfDeclaration(rest)) {
    const at = rest.indexOf(end);
    if (at === -1) return false;
    rest = rest.slice(at + end.length).trimStart();
  }
  return /^<svg[\s/>]/.test(rest);
}

function endOfDeclaration(text: string): string | undefined {
  if (text.startsWith('<?')) return '?>';
  if (text.startsWith('<!--')) return '-->';
  // Some drawing programs declare entities in the document type.
  if (/^<!doctype[^>[]*\[/i.test(text)) return ']>';
  return /^<!doctype/i.test(text) ? '>' : undefined;
}
