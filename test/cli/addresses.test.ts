import { resolveConfig } from '../../src/config';
import { addressesOf, addressesText } from '../../src/cli/dev/addresses';
import type { DevSetting } from '../../src/cli/dev/start';

const LINK_KEY = 'k'.repeat(32);
const env = { NANGO_SECRET_KEY: 'the-key', TEMPORAL_NANGO_LINK_KEYS: LINK_KEY };

test('link keys that were set are not printed, but that another terminal needs them, and the key by its name', () => {
  const setting: Partial<DevSetting> = {
    temporal: { address: '127.0.0.1:1', uiUrl: 'http://127.0.0.1:2' } as DevSetting['temporal'],
    web: { publicUrl: 'http://127.0.0.1:3', inboxUrl: 'http://127.0.0.1:4' } as DevSetting['web'],
    config: resolveConfig({ env, cwd: '/' }),
  };
  const addresses = addressesOf(setting as DevSetting);
  expect(Object.keys(addresses.env)).toEqual(['TEMPORAL_ADDRESS', 'NANGO_SERVER_URL', 'TEMPORAL_NANGO_PUBLIC_URL']);
  const text = addressesText(addresses);
  expect(text).toContain('which needs the same NANGO_SECRET_KEY and TEMPORAL_NANGO_LINK_KEYS:');
  expect(text + JSON.stringify(addresses)).not.toMatch(/the-key|kkkk/);
});
