import type { HttpResponse } from '../../src/nango/http/outcome';
import { judge, said } from './classify-rows';
import type { Judged, Request } from './classify-rows';

/** An error of a live Nango, reduced to what may decide: no words but those that the classifier reads. */
export interface Recorded {
  /** method and path, with `:id` and `:path` for what differs from call to call */
  request: string;
  status: number;
  headers: { [name: string]: string | undefined };
  /** a text is a page; null is an empty body */
  body: unknown;
}

/** The rule, in our words, and what each kind of request comes to: itself, or `every`. */
export type Expectation = { rule: string } & { [request in Request | 'every']?: Judged };

/** The answer that was recorded. */
export function responseOf({ status, headers, body }: Recorded): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    kind: 'response',
    status,
    headers: headers as Record<string, string>,
    body: Buffer.from(body === null ? '' : text),
  };
}

/** One test for each recorded error and kind of request, and one that fails when an error has no expectation. */
export function testRecorded<Name extends string>(
  errors: Record<Name, Recorded>,
  requests: Request[],
  expectations: Record<NoInfer<Name>, Expectation>,
): void {
  const names = Object.keys(errors) as Name[];

  test('each has an expectation for every kind of request', () => {
    expect(Object.keys(expectations).sort()).toEqual([...names].sort());
    const missing = names.flatMap((name) =>
      requests.filter((request) => !(request in expectations[name] || 'every' in expectations[name])),
    );
    expect(missing).toEqual([]);
  });

  const cases = names.flatMap((name) =>
    requests.map((request) => {
      const { rule, ...expected } = expectations[name] ?? { rule: 'is not expected' };
      return {
        name,
        rule,
        request,
        sent: errors[name].request,
        is: request in expected ? expected[request] : expected.every,
      };
    }),
  );
  test.each(cases)('$request: $name ($sent): $rule', ({ name, request, is }) => {
    expect(said(judge(request, responseOf(errors[name])))).toEqual(said(is));
  });
}
