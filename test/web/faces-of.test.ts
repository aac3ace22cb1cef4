import type { IntegrationFace, IntegrationFaces } from '../../src/web/logos/integration-faces';
import { facesOf } from '../../src/web/inbox/faces-of';

/** Faces as Nango has them; each that is read is counted. */
function facesBy(known: Record<string, IntegrationFace>) {
  const of = jest.fn((key: string) => Promise.resolve(known[key] ?? { name: key }));
  return { of, faces: { of } as unknown as IntegrationFaces };
}

test('each integration of a page is read once, and known by its name', async () => {
  const { of, faces } = facesBy({ crm: { name: 'Example CRM', logo: 'logos/crm' } });
  const faceOf = await facesOf(faces, ['crm', 'crm', 'other']);
  expect(faceOf('crm')).toEqual({ name: 'Example CRM', logo: 'logos/crm' });
  expect(of.mock.calls).toEqual([['crm'], ['other']]);
});

test('two of one name are told apart by their keys, and keep their logos', async () => {
  const { faces } = facesBy({ crm: { name: 'Example CRM', logo: 'a' }, 'crm-sandbox': { name: 'Example CRM' } });
  const faceOf = await facesOf(faces, ['crm', 'crm-sandbox']);
  expect([faceOf('crm'), faceOf('crm-sandbox')]).toEqual([{ name: 'crm', logo: 'a' }, { name: 'crm-sandbox' }]);
});

test('a list of many integrations has 50 read, and shows the others by their keys', async () => {
  const { of, faces } = facesBy({});
  const keys = Array.from({ length: 60 }, (_, n) => `crm-${n}`);
  const faceOf = await facesOf(faces, keys);
  expect(of).toHaveBeenCalledTimes(50);
  expect(faceOf('crm-59')).toEqual({ name: 'crm-59' });
});
