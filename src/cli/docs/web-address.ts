/** Whether an address leads into the web: nothing else is fetched or opened. */
export function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}

/** Whether a content type is one that people read as text. A page of HTML is for a browser. */
export function isTextOf(contentType: string | null): boolean {
  return contentType === null || (/^text\//i.test(contentType) && !/^text\/html/i.test(contentType));
}
