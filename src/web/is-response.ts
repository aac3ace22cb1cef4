/** A host application may have a `Response` of its own making, such as a polyfill's. */
export function isResponse(said: unknown): said is Response {
  return typeof said === 'object' && said !== null && 'status' in said && 'headers' in said;
}
