import type { ProxiedResponse, ProxiedRequest } from '../../../src/testing/fake-nango';
import type { Ledger } from './ledger';
import { listResponse } from './provider-lists';

/** What the provider answers: failures hold a canary in body and headers, successes one where nobody asked for it. */
export class Provider {
  /** whose account a credential opens */
  readonly accounts = new Map<string, string>();
  /** how often it was asked what */
  private readonly counts = new Map<string, number>();

  constructor(private readonly ledger: Ledger) {}

  readonly respond = ({ method, path, headers, credentials }: ProxiedRequest): ProxiedResponse => {
    this.ledger.saw(JSON.stringify([headers, credentials]));
    const what = `${method} ${path}`;
    const n = (this.counts.get(what) ?? 0) + 1;
    this.counts.set(what, n);
    const said = () => this.ledger.said(`the provider's answer to ${what}`);
    const [, kind = '', detail] = path.split('/');
    switch (kind) {
      case 'status':
        return refusal(Number(detail), said());
      case 'html':
        return { status: Number(detail), headers: { 'content-type': 'text/html' }, text: `<p>${said()}</p>` };
      case 'unreached':
        // As Nango says that it could not reach the provider.
        return { status: Number(detail), json: { message: said(), method: said(), code: said() } };
      case 'flaky':
        if (n > 1) return { json: { n } };
        return detail === 'reset' ? 'reset' : refusal(Number(detail), said());
      case 'reset':
        return 'reset';
      case 'down':
        return refusal(503, said());
      case 'badjson':
        return { headers: { 'content-type': 'application/json', 'x-detail': said() }, text: `{"${said()}":` };
      case 'large':
        return { json: { results: [said().repeat(10_000)] } };
      case 'rows':
        return { json: { results: [{ id: 'r1', unpicked: said() }] } };
      case 'me':
        return n === 1 ? refusal(503, said()) : me(this.accountOf(JSON.stringify(credentials)), said());
      default:
        return listResponse(path, said) ?? { json: { path } };
    }
  };

  private accountOf(credentials: string): string {
    const [, account] = [...this.accounts].find(([credential]) => credentials.includes(credential)) ?? [];
    return account ?? 'nobody';
  }
}

function refusal(status: number, said: string): ProxiedResponse {
  return {
    status,
    headers: { 'x-detail': said, 'www-authenticate': `Bearer error="${said}"`, 'retry-after': '1' },
    json: { error: { code: said, message: said, payload: [said], upstream: { body: said } }, code: said },
  };
}

/** The account is told, and more than that. */
function me(account: string, said: string): ProxiedResponse {
  return { json: { user: { id: account, email: `${said}@example.com`, session: said }, token: said } };
}
