// A backend that makes the write of an id, prints its ref, and waits for its end, if it lives that long.
const { Client, Connection } = require('@temporalio/client');
const { NangoConnections } = require('../../../lib/index.js');

async function main([id, connectionId]) {
  const client = new Client({ connection: await Connection.connect({ address: process.env.TEMPORAL_ADDRESS }) });
  const nango = new NangoConnections(client);
  const write = { method: 'POST', endpoint: '/orders', body: { id } };
  console.log('begins');
  const call = await nango.call({ integration: 'hubspot', connectionId }, write, { id });
  console.log(JSON.stringify(call.ref));
  console.log(JSON.stringify(await call.result()));
}

void main(process.argv.slice(2)).then(() => process.exit(0));
