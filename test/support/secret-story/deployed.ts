import { FakeActionError, FakeUpstreamError } from '../../../src/testing/fake-nango';
import type { FakeNango } from '../../../src/testing/fake-nango';
import type { Ledger } from './ledger';

/** How an action ends badly, with a canary in all that it says. */
const BAD_ENDS: { [name: string]: (said: string) => Error } = {
  refuses: (said) => new FakeActionError({ code: said, message: said }),
  crashes: (said) => new Error(said),
  meetsOutage: (said) => new FakeUpstreamError(503, { error: { code: said } }, { 'x-detail': said }),
};

/** Deploys every action twice, for who waits and for who asks later: each has canaries of its own. */
export function deployActions(nango: FakeNango, integration: string, ledger: Ledger): void {
  for (const later of ['', 'Later']) {
    for (const [end, errorOf] of Object.entries(BAD_ENDS)) {
      const name = `${end}${later}`;
      nango.onAction(integration, name, () => {
        throw errorOf(ledger.said(`what the action ${name} said`));
      });
    }
    const name = `returns${later}`;
    nango.onAction(integration, name, () => ({ id: 7, unpicked: ledger.said(`what the action ${name} said`) }));
  }
  nango.onAction(integration, 'endless', () => new Promise(() => undefined));
}
