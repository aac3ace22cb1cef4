/** Of ours, and not of the programs under test. */
const KEPT = ['TEMPORAL_NANGO_CACHE', 'TEMPORAL_NANGO_TEST_RUN'];
/** Settings of the products, and what changes how any program of Node behaves or prints. */
const UNWANTED = /^(NANGO_|TEMPORAL_|OTEL_)|^(NODE_OPTIONS|NODE_ENV|NODE_PATH|FORCE_COLOR|NO_COLOR|CI|DEBUG|PORT)$/;

/**
 * Takes from this process's environment, and so from those of the programs that it starts, what the machine's user has
 * set for programs of their own; and lets no proxy come between a test and its servers on loopback.
 */
exports.cleanEnvironment = () => {
  for (const name of Object.keys(process.env)) {
    if (UNWANTED.test(name) && !KEPT.includes(name)) delete process.env[name];
  }
  const direct = [process.env.no_proxy ?? process.env.NO_PROXY, '127.0.0.1', 'localhost'].filter(Boolean).join();
  process.env.no_proxy = process.env.NO_PROXY = direct;
};
