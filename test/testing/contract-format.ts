import { z } from 'zod';

/**
 * A fixture is what a live Nango did, in facts: steps in order, each a request and what is known of its answer.
 *
 * Request: `request` is method and path, sent byte for byte; `as` is whose key goes along (default the environment's,
 * or `authorization` as it stands); `json` or `text` is the body.
 *
 * Answer: `status`; `type`, default `application/json`, '' for none; `headers`; and of the body at most one of
 *   `whole`    all of it: these keys and no others
 *   `places`   what stands at some JSON pointers
 *   `refusal`  `{error:{code,message}}` with this code; from a 401 an empty `payload` as well
 *   `invalid`  `{error:{code,errors}}`: the code, then each issue's code and place, as `too_big tags/a`
 * `only` leaves those elements of a list that have these values, before anything is compared. `keep` puts what stands at
 * a pointer of the body, or in `header NAME`, into a variable.
 *
 * `until` repeats the request until these places have one of these values.
 *
 * In what is sent and what is expected `{{name}}` is a variable and `{{5}}` is five letters. In what is expected
 * `<string>`, `<number>` and `<boolean>` are types, `<date>`, `<uuid>`, `<token>`, `<log>`, `<challenge>` and `<origin>`
 * are forms, also inside a longer text, and `<absent>` is nothing.
 */
const stepSchema = z.strictObject({
  request: z.string().regex(/^[A-Z]+ \S+$/),
  as: z.enum(['restricted', 'nobody']).optional(),
  authorization: z.string().optional(),
  sent: z.record(z.string(), z.string()).optional(),
  json: z.json().optional(),
  text: z.string().optional(),
  status: z.int().min(200).max(599),
  type: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  only: z.strictObject({ at: z.string(), with: z.record(z.string(), z.string()) }).optional(),
  whole: z.json().optional(),
  places: z.record(z.string().startsWith('/'), z.json()).optional(),
  refusal: z.string().optional(),
  invalid: z.tuple([z.string()], z.string()).optional(),
  until: z.record(z.string().startsWith('/'), z.array(z.string())).optional(),
  keep: z.record(z.string(), z.string()).optional(),
});

/** A file of `test/fixtures/nango`. */
export const fixtureSchema = z.strictObject({ about: z.string(), steps: z.array(stepSchema).min(1) });

export type Fixture = z.infer<typeof fixtureSchema>;
export type Step = z.infer<typeof stepSchema>;
export type Json = z.infer<ReturnType<typeof z.json>>;
