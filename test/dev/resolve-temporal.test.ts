import { resolveTemporal } from '../../src/dev/resolve-temporal';

describe('the server the environment names', () => {
  it('is the one at TEMPORAL_ADDRESS, in the namespace TEMPORAL_NAMESPACE', async () => {
    const temporal = resolveTemporal({ TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'orders' });
    expect(temporal).toMatchObject({ address: 'temporal.example:7233', namespace: 'orders' });
    expect(temporal?.pid).toBeUndefined();
    await temporal?.stop();
  });

  it('is in the namespace "default" if none is named', () => {
    expect(resolveTemporal({ TEMPORAL_ADDRESS: 'localhost:7233' })?.namespace).toBe('default');
    expect(resolveTemporal({ TEMPORAL_ADDRESS: 'localhost:7233', TEMPORAL_NAMESPACE: '' })?.namespace).toBe('default');
  });

  it.each([{}, { TEMPORAL_ADDRESS: '' }])('is none for %j', (env) => {
    expect(resolveTemporal(env)).toBeUndefined();
  });
});
