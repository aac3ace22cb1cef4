import type { Child } from 'hono/jsx';

/** Drawn within 16 by 16. Each has a shape of its own, since not everybody tells their colours apart. */
const SHAPES = {
  alert: (
    <path
      fill="currentColor"
      stroke="none"
      fill-rule="evenodd"
      d="M7 1.6a1.2 1.2 0 0 1 2 0l6.2 11A1.2 1.2 0 0 1 14.2 14.500H1.800a1.2 1.2 0 0 1-1-1.900zM7.1 5.500h1.800v4.500H7.100zM7.1 11.200h1.800v1.700H7.100z"
    />
  ),
  half: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path fill="currentColor" stroke="none" d="M8 1.800a6.2 6.2 0 0 0 0 12.400z" />
    </>
  ),
  person: (
    <>
      <circle cx="8" cy="5" r="3" />
      <path d="M2.2 14.200a5.8 5 0 0 1 11.6 0" />
    </>
  ),
  dashed: <circle cx="8" cy="8" r="6.2" stroke-dasharray="2.6 2.27" />,
  check: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.2 8.2 2 2 3.6-4.2" />
    </>
  ),
  cross: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.7 5.7 4.6 4.600m0-4.6-4.6 4.6" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 4.500V8l2.5 1.6" />
    </>
  ),
  slashed: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m3.7 12.3 8.6-8.6" />
    </>
  ),
  dot: <circle cx="8" cy="8" r="3" fill="currentColor" stroke="none" />,
  play: <path fill="currentColor" d="M4.5 3v10l8-5z" />,
  pause: <path d="M5.5 3.500v9m5-9v9" stroke-width="2.6" />,
  stop: <rect x="3.5" y="3.5" width="9" height="9" rx="1" fill="currentColor" />,
};

export type Shape = keyof typeof SHAPES;

/** A small picture of what words beside it say; it has the colour of the text. */
export function Icon({ shape }: { shape: Shape }): Child {
  return (
    <svg
      class="icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {SHAPES[shape]}
    </svg>
  );
}
