import { createRequire } from 'node:module';
import { ProtobufJsonPayloadConverter } from '@temporalio/common/lib/protobufs';

/** What repairs an installation: a sentence, for hints and for `doctor`. */
export const ONE_PROTOBUFJS =
  'the copies of protobufjs must be one. Add "overrides": { "protobufjs": "^8.7.1" } to package.json, and install again.';

interface Proto {
  temporal: {
    api: { sdk: { v1: { ExternalStorageReference: { create: (properties: { driverName: string }) => unknown } } } };
  };
}

/**
 * Whether the SDK can write the reference that takes the place of a payload. It writes it as the JSON of a message, and
 * protobufjs takes no message of another copy of itself: npm installs several, since grpc needs another major version.
 * Found out by writing one as the SDK does, so it holds for every package manager.
 */
export function canOffload(): boolean {
  try {
    const requireOfSdk = createRequire(require.resolve('@temporalio/common'));
    const proto = requireOfSdk('@temporalio/proto') as Proto;
    const reference = proto.temporal.api.sdk.v1.ExternalStorageReference.create({ driverName: 'none' });
    return new ProtobufJsonPayloadConverter(proto).toPayload(reference) !== undefined;
  } catch {
    return false;
  }
}
