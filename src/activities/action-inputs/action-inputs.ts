import { LRUCache } from 'lru-cache';
import { findNangoFailure, invalid } from '../../contract/errors';
import type { TriggerActionInput } from '../../contract/types';
import type { DeployedFunction, JsonSchema } from '../../contract/types';
import type { Inventory } from '../../nango/inventory';
import { InputSchema } from './input-schema';
import type { Misfit } from './misfit';

/** A call waits so long for what is deployed, then goes on unchecked: less than the margin that its activity has. */
const LIST_PATIENCE_MS = 3_000;
/** A list that could not be read is left alone for so long. */
const PAUSE_MS = 60_000;
/** So often a minute the list is read anew before a call is refused: those of a fan-out must not use up a rate limit. */
const FRESH_READS = 10;
const MAX_SCHEMAS = 500;
const MAX_INTEGRATIONS = 1_000;

/** How long a call waits: until it is cancelled, or its patience is over. */
interface Waiting {
  signal: AbortSignal;
  until: AbortSignal;
}

/** Why inputs are not checked, as the log says it. */
export type Unchecked = 'unread' | 'no schema' | 'unusable schema';

/**
 * Holds the inputs of actions against the JSON schemas that Nango has of them, which Nango itself does not. Only what is
 * deployed when a call is refused may refuse it; whatever keeps a schema from being known lets calls through.
 */
export class ActionInputs {
  private readonly schemas = new LRUCache<string, { is?: InputSchema }>({ max: MAX_SCHEMAS });
  /** those that take too long, as they were read; so each has another try once the list is read anew */
  private readonly givenUp = new WeakSet<JsonSchema>();
  private readonly reported = new LRUCache<string, true>({ max: MAX_INTEGRATIONS });
  /** of these nothing can be deployed; one that is made meanwhile is checked a minute later */
  private readonly unknown = new LRUCache<string, true>({ max: MAX_INTEGRATIONS, ttl: PAUSE_MS });
  private readonly freshReads: number[] = [];
  private pausedUntil = 0;

  /** @param report says once for each integration why inputs are not checked */
  constructor(
    private readonly inventory: Pick<Inventory, 'functionsOf'>,
    private readonly report: (integration: string, why: Unchecked, action: string) => void,
  ) {}

  /**
   * @param signal ends the waiting for what is deployed
   * @throws Nango.InvalidRequest with the place in `call.input` that does not fit
   */
  async check(input: TriggerActionInput, signal: AbortSignal): Promise<void> {
    const waiting = { signal, until: AbortSignal.timeout(LIST_PATIENCE_MS) };
    const kept = await this.judge(input, false, waiting);
    if (kept === undefined) return;
    // It may have been deployed since the list was read, for the first time or anew.
    const { misfit } = (this.mayReadAnew() ? await this.judge(input, true, waiting) : kept) ?? {};
    if (misfit !== undefined) throw invalid(['call.input', misfit.place].filter(Boolean).join('.'), misfit.why);
  }

  /** @returns nothing where all is well, or cannot be known; without a misfit for an action that is not in the list */
  private async judge(
    { connection: { integration }, call }: TriggerActionInput,
    fresh: boolean,
    waiting: Waiting,
  ): Promise<{ misfit?: Misfit } | undefined> {
    const functions = await this.functionsOf(integration, fresh, waiting);
    // A call that was cancelled says nothing of Nango, and is ended by whoever carries it out.
    if (functions === undefined && waiting.signal.aborted) return undefined;
    if (functions === undefined) return this.unchecked(integration, 'unread', call.action);
    const action = functions.find(({ kind, name }) => kind === 'action' && name === call.action);
    if (action === undefined) return {};
    if (action.input === undefined) return this.unchecked(integration, 'no schema', call.action);
    const schema = this.schemaOf(action.input);
    if (schema === undefined) return this.unchecked(integration, 'unusable schema', call.action);
    try {
      const misfit = schema.misfit(call.input);
      return misfit && { misfit };
    } catch {
      this.givenUp.add(action.input);
      return this.unchecked(integration, 'unusable schema', call.action);
    }
  }

  private async functionsOf(
    integration: string,
    fresh: boolean,
    { signal, until }: Waiting,
  ): Promise<DeployedFunction[] | undefined> {
    if (performance.now() < this.pausedUntil) return undefined;
    if (this.unknown.has(integration)) return [];
    try {
      return await this.inventory.functionsOf(integration, fresh, { signal: AbortSignal.any([signal, until]) });
    } catch (error) {
      if (findNangoFailure(error)?.type === 'Nango.IntegrationNotFound') {
        this.unknown.set(integration, true);
        return [];
      }
      if (!signal.aborted) this.pausedUntil = performance.now() + PAUSE_MS;
      return undefined;
    }
  }

  /** Compiled once, for as long as it stays the same. @returns undefined for what is no schema, or no usable one */
  private schemaOf(schema: JsonSchema): InputSchema | undefined {
    if (this.givenUp.has(schema)) return undefined;
    const text = JSON.stringify(schema);
    const known = this.schemas.get(text) ?? { is: compiled(schema) };
    this.schemas.set(text, known);
    return known.is;
  }

  private mayReadAnew(): boolean {
    const now = performance.now();
    while (this.freshReads[0] !== undefined && this.freshReads[0] < now - PAUSE_MS) this.freshReads.shift();
    if (this.freshReads.length >= FRESH_READS) return false;
    this.freshReads.push(now);
    return true;
  }

  private unchecked(integration: string, why: Unchecked, action: string): undefined {
    const key = `${integration}\n${why}`;
    if (this.reported.has(key)) return;
    this.reported.set(key, true);
    this.report(integration, why, action);
  }
}

function compiled(schema: JsonSchema): InputSchema | undefined {
  try {
    return new InputSchema(schema);
  } catch {
    return undefined;
  }
}
