import type { Child } from 'hono/jsx';
import { currentBrand } from '../brand/current-brand';
import { initialOf, Logo } from '../logo';
import type { IntegrationFace } from '../logos/integration-faces';
import { Foreign } from '../said';

export interface MastheadProps {
  /** the way from this page to the root of its handler */
  root: string;
  /** of the integration that a page is about; absent: the page knows of none */
  face?: IntegrationFace;
}

/** The application and the integration that it asks for, by picture and name; what is not known is left out. */
export function Masthead({ root, face }: MastheadProps): Child {
  const { name, mark } = currentBrand();
  const isBranded = name !== undefined || mark !== undefined;
  const names = [name, face?.name].filter((one) => one !== undefined);
  if (!isBranded && face === undefined) return <></>;
  return (
    <header class="masthead">
      <span class="plates" aria-hidden="true">
        {isBranded && <Mark root={root} />}
        {isBranded && face !== undefined && <span class="tie"></span>}
        {face !== undefined && <Logo face={face} root={root} />}
      </span>
      <span class="names">
        {names.map((one) => (
          <span>
            <Foreign text={one} />
          </span>
        ))}
      </span>
    </header>
  );
}

function Mark({ root }: { root: string }): Child {
  const { name = '', mark } = currentBrand();
  if (mark === undefined) return <span class="logo letter">{initialOf(name)}</span>;
  return (
    <span class="logo">
      <img src={`${root}assets/mark`} alt="" />
    </span>
  );
}
