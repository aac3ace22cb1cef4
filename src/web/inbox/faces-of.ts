import type { IntegrationFace, IntegrationFaces } from '../logos/integration-faces';
import { shortened } from '../shortened';

/** A page waits for that many at once; what else there is has its key, and a letter for a logo. */
const MAX_FACES = 50;

/** The face of an integration of a page. */
export type FaceOf = (key: string) => IntegrationFace;

/** Faces for a page, within about a second. Two integrations of one name are told apart by their keys. */
export async function facesOf(faces: IntegrationFaces, keys: string[]): Promise<FaceOf> {
  const shown = [...new Set(keys)].slice(0, MAX_FACES);
  const found = new Map(await Promise.all(shown.map(async (key) => [key, await faces.of(key)] as const)));
  return (key) => {
    const face = found.get(key) ?? { name: shortened(key) };
    const namesakes = [...found.values()].filter(({ name }) => name === face.name);
    return namesakes.length > 1 ? { ...face, name: shortened(key) } : face;
  };
}
