import { z } from 'zod';

/** Rules for the tags of connect sessions and connections; keys are stored in lower case. */

const MAX_TAGS = 10;

const key = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_\-./]*$/)
  .max(64);
const email = z.email().min(5);

/** Tags of a session or a connection. */
export const tagsSchema = z
  .record(key, z.string().min(1).max(255))
  .superRefine((tags, context) => {
    const complain = (message: string) => context.addIssue({ code: 'custom', message, path: [] });
    const given = Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value] as const);
    if (given.length > MAX_TAGS) return complain(`There are more than ${MAX_TAGS} tags.`);
    given.forEach(([key, value], i) => {
      if (given.slice(0, i).some(([earlier]) => earlier === key)) complain(`The tag ${key} is given twice.`);
      if (key === 'end_user_email' && !email.safeParse(value).success) complain(`The tag ${key} is no address.`);
    });
  })
  .transform((tags) => Object.fromEntries(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value])));

/** The tags of an end user, which may be empty. */
export const looseTagsSchema = z.record(key, z.string().max(255)).superRefine((tags, context) => {
  const keys = Object.keys(tags).map((key) => key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    context.addIssue({ code: 'custom', message: 'A tag is given twice.', path: [] });
  }
});
