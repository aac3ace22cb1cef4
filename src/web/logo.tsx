import type { Child } from 'hono/jsx';
import type { IntegrationFace } from './logos/integration-faces';

export interface LogoProps {
  face: IntegrationFace;
  /** the way from this page to the root of its handler */
  root: string;
}

/**
 * The logo of an integration, or the first letter of its name, on a plate of a fixed size. It says nothing by itself: the
 * name stands beside it.
 */
export function Logo({ face: { name, logo }, root }: LogoProps): Child {
  return (
    <span class={logo === undefined ? 'logo letter' : 'logo'} aria-hidden="true">
      {logo === undefined ? initialOf(name) : <img src={root + logo} alt="" decoding="async" />}
    </span>
  );
}

/** Its first letter or digit. */
export function initialOf(name: string): string {
  return /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? '?';
}
