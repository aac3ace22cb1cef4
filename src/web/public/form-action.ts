import type { NangoConfig } from '../../config';

/**
 * Where forms may lead. Chromium holds the redirect after a form to this too, and the button's redirect leads to Nango's
 * connect page, whose host only Nango knows: so any host, and plain HTTP only where Nango itself is reached by it.
 */
export function formAction({ baseUrl, publicBaseUrl }: NangoConfig): string {
  const isPlain = [baseUrl, publicBaseUrl].some((url) => url?.startsWith('http:'));
  return isPlain ? "'self' https: http:" : "'self' https:";
}
