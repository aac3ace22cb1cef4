/** A first action of one's own, in the format of https://nango.dev/docs/reference/functions/functions-sdk. */
export const STARTER = `import { createAction } from 'nango';
import * as z from 'zod';

export default createAction({
    description: 'Greets somebody by name',
    version: '1.0.0',
    input: z.object({ name: z.string() }),
    output: z.object({ greeting: z.string() }),
    exec: async (nango, input) => {
        // The provider is called here, with the credentials of the connection:
        // const { data } = await nango.get({ endpoint: '/v1/me', retries: 3 });
        await nango.log('Greeting ' + input.name);
        return { greeting: 'Hello, ' + input.name + '!' };
    }
});
`;
