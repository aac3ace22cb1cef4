const { nango } = require('temporal-nango/workflow');

const calls = {
  get: (connection) => nango.get(connection, '/large'),
  post: (connection) => nango.post(connection, '/large', {}),
  action: (connection) => nango.action(connection, 'large'),
  async asyncAction(connection) {
    const deadline = Date.now() + 60_000;
    return await nango.action(connection, 'large', null, { async: true, deadline });
  },
  async page(connection) {
    const paginate = { type: 'cursor', cursorPath: '/next', cursorParam: 'after', itemsPath: '/items' };
    for await (const { items } of nango.paginate(connection, '/list', { paginate })) return items[0];
  },
};

const large = async (connection, kind) => await calls[kind](connection);

module.exports = { ...require('temporal-nango/worker-workflows'), large };
