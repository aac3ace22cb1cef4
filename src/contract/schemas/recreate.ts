import { z } from 'zod';
import type {
  OAuthApp,
  DropReplacementsInput,
  GetIntegrationScopesInput,
  ReplaceConnectionInput,
  UpdateIntegrationScopesInput,
} from '../types';
import { connectionRefSchema } from './connections';

const oauthAppSchema = z.strictObject({
  clientId: z.string(),
  clientSecret: z.strictObject({ fromEnv: z.string() }),
}) satisfies z.ZodType<OAuthApp>;

export const getIntegrationScopesInputSchema = z.strictObject({
  integration: z.string(),
}) satisfies z.ZodType<GetIntegrationScopesInput>;

export const updateIntegrationScopesInputSchema = z.strictObject({
  integration: z.string(),
  scopes: z.array(z.string()),
  credentials: oauthAppSchema,
}) satisfies z.ZodType<UpdateIntegrationScopesInput>;

export const replaceConnectionInputSchema = connectionRefSchema.extend({
  replaces: z.string(),
}) satisfies z.ZodType<ReplaceConnectionInput>;

export const dropReplacementsInputSchema = connectionRefSchema.extend({
  origin: z.string(),
}) satisfies z.ZodType<DropReplacementsInput>;
