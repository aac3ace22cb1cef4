import { z } from 'zod';

/** Rules for the tags of connect sessions and connections; keys are stored in lower case. */

const MAX_TAGS = 10;

const record = z.record(
  z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9_\-./]*$/)
    .max(64),
  z.string().min(1).max(255),
);

export const tagsSchema = record
  .superRefine((tags, context) => {
    const keys = Object.keys(tags).map((key) => key.toLowerCase());
    const complain = (message: string) => context.addIssue({ code: 'custom', message, path: [] });
    if (keys.length > MAX_TAGS) complain(`There are more than ${MAX_TAGS} tags.`);
    if (new Set(keys).size < keys.length) complain('A key is given twice.');
    const email = Object.entries(tags).find(([key]) => key.toLowerCase() === 'end_user_email')?.[1];
    if (email !== undefined && !z.email().safeParse(email).success) complain('end_user_email is no e-mail address.');
  })
  .transform((tags) => Object.fromEntries(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value])));

/** The old way to name a person; it becomes tags. */
export const endUserSchema = z.strictObject({
  id: z.string().min(1).max(255),
  email: z.email().optional(),
  display_name: z.string().max(255).optional(),
  tags: z.record(z.string(), z.string()).optional(),
});

export const organizationSchema = z.strictObject({
  id: z.string().min(1).max(255),
  display_name: z.string().max(255).optional(),
});

export function tagsOf(
  endUser: z.infer<typeof endUserSchema> | undefined,
  organization: z.infer<typeof organizationSchema> | undefined,
): { [key: string]: string } {
  const named = {
    ...endUser?.tags,
    end_user_id: endUser?.id,
    end_user_email: endUser?.email,
    end_user_display_name: endUser?.display_name,
    organization_id: organization?.id,
    organization_display_name: organization?.display_name,
  };
  const given = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key.toLowerCase(), value]));
}
