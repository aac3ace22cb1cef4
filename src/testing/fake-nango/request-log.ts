/** A request as it came, for tests to look at. */
export interface LoggedRequest {
  /** in capital letters */
  method: string;
  /** path and query, byte for byte */
  path: string;
  /** with the key, so that a test can see a canary arrive */
  headers: { [name: string]: string };
  /** what a proxied call or an action said it is for */
  integration?: string;
  /** the same of the connection */
  connectionId?: string;
  /** milliseconds since the epoch */
  at: number;
  /** undefined while it is under way, or if its connection was broken */
  status?: number;
}

const MOST = 100_000;

/** The latest requests of a FakeNango, oldest first. */
export class RequestLog {
  readonly requests: LoggedRequest[] = [];

  begin(method: string, path: string, headers: { [name: string]: string }, at: number): LoggedRequest {
    if (this.requests.length >= MOST) this.requests.shift();
    const { 'provider-config-key': integration, 'connection-id': connectionId } = headers;
    const request: LoggedRequest = { method, path, headers, integration, connectionId, at };
    this.requests.push(request);
    return request;
  }
}
