import type { ConnectionOptions } from '@temporalio/client';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type NextCall = Parameters<Interceptor>[1];
type Call = ReturnType<NextCall>;
type InterceptedCall = ReturnType<Interceptor>;

/** https://grpc.io/docs/guides/status-codes/ */
const CANCELLED = 1;

/**
 * Options of a connection that may be closed while a call is tried again: as a `result()` is 100 ms after its server has
 * gone. The SDK tries out of a timer, where a channel that is closed throws, and the process ends by an uncaught
 * exception. With these the call fails instead.
 *
 * @see https://github.com/temporalio/sdk-typescript, packages/client/src/grpc-retry.ts of 1.24
 */
export const closable: Pick<ConnectionOptions, 'interceptors'> = {
  interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), cancelledOnceClosed],
};

function cancelledOnceClosed(options: Parameters<NextCall>[0], nextCall: NextCall): InterceptedCall {
  try {
    return nextCall(options) as InterceptedCall;
  } catch {
    return cancelledCall() as InterceptedCall;
  }
}

function cancelledCall(): Call {
  return {
    start: (metadata, listener) => {
      // The retries hold a status back for the message that comes before it.
      listener?.onReceiveMessage?.(null);
      listener?.onReceiveStatus?.({ code: CANCELLED, details: 'The connection is closed', metadata });
    },
    sendMessage: () => undefined,
    sendMessageWithContext: () => undefined,
    startRead: () => undefined,
    halfClose: () => undefined,
    cancelWithStatus: () => undefined,
    getPeer: () => '',
    getAuthContext: () => null,
  };
}
