import { createRequire } from 'node:module';
import { temporal } from '@temporalio/proto';

type History = temporal.api.history.v1.IHistory;

interface ProtoJson {
  toJson: (type: unknown, message: unknown) => unknown;
  fromJson: (type: unknown, json: unknown, options: { ignoreUnknownFields: boolean }) => History;
}

// `historyToJSON` of @temporalio/common finds no type where npm has given each package a protobufjs of its own, so this
// is the one of the package that holds the types.
const { fromJson, toJson } = createRequire(require.resolve('@temporalio/proto'))(
  'protobufjs/ext/protojson',
) as ProtoJson;
const { History: type } = temporal.api.history.v1;

/** The JSON of a history that Temporal's tools read. */
export function historyToJson(history: History): unknown {
  return toJson(type, type.fromObject(history));
}

export function historyFromJson(json: unknown): History {
  return fromJson(type, json, { ignoreUnknownFields: true });
}
