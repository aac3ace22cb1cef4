// A store of a user's own: a file for each payload.
const { randomUUID } = require('node:crypto');
const { readFile, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { ExternalStorage, StorageDriverClaim } = require('@temporalio/common');
const { temporal } = require('@temporalio/proto');

const { Payload } = temporal.api.common.v1;

/** @param folder one that exists, which worker and client see */
function diskStore(folder) {
  const driver = {
    name: 'disk',
    type: 'example.disk',
    store: (_, payloads) =>
      Promise.all(
        payloads.map(async (payload) => {
          const key = randomUUID();
          await writeFile(join(folder, key), Payload.encode(payload).finish());
          return new StorageDriverClaim({ key });
        }),
      ),
    retrieve: (_, claims) =>
      Promise.all(claims.map(async ({ claimData }) => Payload.decode(await readFile(join(folder, claimData.key))))),
  };
  return new ExternalStorage({ drivers: [driver] });
}

module.exports = { diskStore };
