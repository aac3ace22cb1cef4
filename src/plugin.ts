import { hostname } from 'node:os';
import { SimplePlugin } from '@temporalio/plugin';
import type { Worker, WorkerOptions } from '@temporalio/worker';
import { createActivities } from './activities';
import { requireSecretKey, resolveConfig } from './config';
import type { NangoConfig } from './config';
import { nangoFailure } from './contract/errors';
import { canOffload, ONE_PROTOBUFJS } from './external-storage';
import { declaredLimits } from './limits/declared';
import type { ConnectionLimit } from './limits/declared';
import { NangoApi } from './nango/http/http';
import { consoleNotifier, consoleOperatorNotifier } from './notifier';
import type { Notifier, OperatorNotifier } from './notifier';
import { VERSION } from './version';

/** What a worker is told; every option may be left out. */
export interface NangoPluginOptions {
  /**
   * default: {@link resolveConfig}, from the environment and `.env`. A worker on another queue than its `taskQueue` gets
   * nothing
   */
  config?: NangoConfig;
  /** notifies people that they are waited for; default: a line on standard output */
  notifier?: Notifier;
  /**
   * notifies operators of what nobody else can help with: an integration that has to be set up, an outage; default: a line on
   * standard output
   */
  operatorNotifier?: OperatorNotifier;
  /**
   * limits of providers, by the key of the integration: `{ hubspot: { calls: 100, per: '10 seconds' } }`. Each is of one
   * connection, and all workers on the queue keep it together. Default: learnt from the refusals of a provider
   */
  limits?: { [integration: string]: ConnectionLimit };
  /**
   * hold inputs of actions against the JSON schemas that Nango has of them, before they run. Default true; false where an
   * action takes what its schema does not, and cannot be deployed anew just now
   */
  checkActionInputs?: boolean;
  /**
   * says to a workflow that makes many proxied calls, ten or more, through an integration which has deployed actions, that
   * there are some: once a run, in its log and, where it has none of its own, in its current details. Default true
   */
  adviseActions?: boolean;
  /**
   * also bring our workflows. Default false: a worker that has ours but not the user's, on the same queue, would steal
   * their tasks. A bundle of one's own re-exports them from `temporal-nango/worker-workflows` instead.
   */
  workflows?: boolean;
}

/**
 * Activities that this package registered, with what they reach Nango by: so that a plugin given twice (connection and
 * worker) meets its own, and the end of a worker closes no other one's.
 */
const ours = new WeakMap<object, NangoApi>();

/**
 * Temporal plugin for a worker that talks to Nango. Give it to the worker, or to the connection the worker uses; both
 * at once is harmless.
 *
 * @example
 * ```ts
 * await Worker.create({ taskQueue: 'nango', plugins: [new NangoPlugin({ workflows: true })] });
 * ```
 * @throws Nango.Misconfigured when the worker is created: without a key, for a foreign activity of one of our names,
 *   where `workflows` would replace workflows of the user's, or with External Storage that the packages as they are
 *   installed cannot use
 */
export class NangoPlugin extends SimplePlugin {
  // Private at run time too: Temporal logs a worker's options, plugins and all, and these hold the key.
  readonly #nango: NangoPluginOptions;

  /** Reads nothing yet: settings are read when a worker is created. @param options default: none */
  constructor(options: NangoPluginOptions = {}) {
    super({ name: 'temporal-nango.NangoPlugin' });
    this.#nango = options;
  }

  /**
   * Called by Temporal when a worker is created: brings our activities, and our workflows if they are wanted, to the
   * worker on our queue. https://docs.temporal.io/develop/plugins-guide
   *
   * @throws Nango.Misconfigured
   */
  override configureWorker(options: WorkerOptions): WorkerOptions {
    const { config = resolveConfig() } = this.#nango;
    if (options.taskQueue !== config.taskQueue) return options;
    const withWorkflows = this.#nango.workflows ? addWorkflows(options) : options;
    if (hasOurs(options)) return withWorkflows;
    const identity = options.identity ?? `temporal-nango/${VERSION} ${process.pid}@${hostname()}`;
    return {
      ...withWorkflows,
      identity,
      activities: { ...options.activities, ...this.#createActivities(options, config) },
    };
  }

  /** Called by Temporal to run a worker: its connections to Nango are closed when it has ended. */
  override async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    try {
      await next(worker);
    } finally {
      await apiOf(worker)?.close();
    }
  }

  #createActivities(options: WorkerOptions, config: NangoConfig): object {
    const secretKey = requireSecretKey(config);
    const offloads = canOffload();
    if (options.dataConverter?.externalStorage !== undefined && !offloads) {
      throw nangoFailure('Nango.Misconfigured', {
        field: 'externalStorage',
        hint: `External Storage fails with the packages as they are installed: ${ONE_PROTOBUFJS}`,
      });
    }
    const limits = declaredLimits(this.#nango.limits ?? {});
    const api = new NangoApi({ baseUrl: config.baseUrl, secretKey, keyName: config.secretKeyName });
    const activities = createActivities({
      api,
      config,
      limits,
      advises: this.#nango.adviseActions,
      notifier: this.#nango.notifier ?? consoleNotifier,
      operatorNotifier: this.#nango.operatorNotifier ?? consoleOperatorNotifier,
      canOffload: offloads,
      checkActionInputs: this.#nango.checkActionInputs,
    });
    for (const [name, activity] of Object.entries(activities)) {
      if (name in (options.activities ?? {})) {
        throw nangoFailure('Nango.Misconfigured', { hint: `The worker has an activity of its own named ${name}.` });
      }
      ours.set(activity as object, api);
    }
    return activities;
  }
}

function hasOurs({ activities }: WorkerOptions): boolean {
  const all: unknown[] = Object.values(activities ?? {});
  return all.some((activity) => typeof activity === 'function' && ours.has(activity));
}

function apiOf({ options: { activities } }: Worker): NangoApi | undefined {
  const [api] = [...activities.values()].flatMap((activity) => ours.get(activity) ?? []);
  return api;
}

function addWorkflows(options: WorkerOptions): WorkerOptions {
  const workflowsPath = require.resolve('./worker-workflows');
  if (options.workflowsPath === workflowsPath) return options;
  if (options.workflowsPath !== undefined || options.workflowBundle !== undefined) {
    throw nangoFailure('Nango.Misconfigured', {
      hint: "The worker has workflows of its own: re-export ours there, from 'temporal-nango/worker-workflows'.",
    });
  }
  const { bundlerOptions } = options;
  // Our modules keep no state, so each is evaluated once a worker and not once a workflow: that halves what one takes.
  const preloadModules = [...(bundlerOptions?.preloadModules ?? []), workflowsPath];
  return { ...options, workflowsPath, bundlerOptions: { ...bundlerOptions, preloadModules } };
}
