import { z } from 'zod';
import type { EndUser } from './state';
import { looseTagsSchema } from './tags';

/** The old way to name a person; whoever uses it gets tags as well. */

/** `end_user` in a body. */
export const endUserSchema = z.strictObject({
  id: z.string().min(1).max(255),
  email: z.email().min(5).optional(),
  display_name: z.string().max(255).optional(),
  tags: looseTagsSchema.optional(),
});

/** `organization` in a body. */
export const organizationSchema = z.strictObject({
  id: z.string().max(255),
  display_name: z.string().max(255).optional(),
});

type GivenUser = z.infer<typeof endUserSchema>;
type GivenOrganization = z.infer<typeof organizationSchema>;

/** As it is kept; null if none was given. */
export function endUserOf(user: GivenUser | undefined, organization?: GivenOrganization): EndUser | null {
  if (user === undefined) return null;
  const { id, email, display_name: displayName, tags } = user;
  return {
    ...{ id, email, displayName, tags },
    organization: organization && { id: organization.id, displayName: organization.display_name },
  };
}

/** What Nango makes of them in tags. */
export function endUserTags(user: GivenUser | undefined, organization?: GivenOrganization): { [key: string]: string } {
  const named = {
    ...user?.tags,
    end_user_id: user?.id,
    end_user_email: user?.email,
    end_user_display_name: user?.display_name,
    organization_id: organization?.id,
    organization_display_name: organization?.display_name,
  };
  const given = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key.toLowerCase(), value]));
}

/** How one is shown. */
export function endUserView(endUser: EndUser | null): object | null {
  return (
    endUser && {
      id: endUser.id,
      display_name: endUser.displayName ?? null,
      email: endUser.email ?? null,
      tags: endUser.tags ?? null,
      organization: endUser.organization
        ? { id: endUser.organization.id, display_name: endUser.organization.displayName ?? null }
        : null,
    }
  );
}
