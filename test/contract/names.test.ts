import * as names from '../../src/contract/names';
import { MESSAGES } from '../../src/contract/errors';

// Parked workflows, webhooks and Nango's tags depend on these. A change here strands somebody's workflow.
test('names that travel over the wire stay as they are', () => {
  const { bulkPageId, watchId, watchIdOf, ...constants } = names;
  expect(bulkPageId('run', 7)).toBe('nango-bulk-page/run/7');
  expect(watchId('default')).toBe('nango-watch/default');
  expect(watchIdOf('nango/eu%2Fprod/hubspot/u:u_1')).toBe('nango-watch/eu/prod');
  expect(constants).toEqual({
    DEFAULT_TASK_QUEUE: 'nango',
    WORKFLOW: {
      ensureConnection: 'ensureConnection',
      connectionRequest: 'connectionRequest',
      connectionWatch: 'connectionWatch',
      bulk: 'bulk',
      bulkPage: 'bulkPage',
    },
    ACTIVITY: {
      findConnections: 'nango.findConnections',
      getConnection: 'nango.getConnection',
      findHinted: 'nango.findHinted',
      deleteConnection: 'nango.deleteConnection',
      adoptConnection: 'nango.adoptConnection',
      snapshotConnection: 'nango.snapshotConnection',
      restoreConnection: 'nango.restoreConnection',
      identifyAccount: 'nango.identifyAccount',
      notify: 'nango.notify',
      ensureConnection: 'nango.ensureConnection',
      leaveRequest: 'nango.leaveRequest',
      openWatch: 'nango.openWatch',
      sweep: 'nango.sweep',
      proxy: 'nango.proxy',
      proxyPage: 'nango.proxyPage',
      triggerAction: 'nango.triggerAction',
      startAction: 'nango.startAction',
      getActionResult: 'nango.getActionResult',
    },
    SIGNAL: {
      hint: 'nango.hint',
      resolve: 'nango.resolve',
      watchLink: 'nango.watchLink',
      forgetLinks: 'nango.forgetLinks',
      pageRead: 'nango.pageRead',
      pageWaits: 'nango.pageWaits',
      pace: 'nango.pace',
    },
    UPDATE: {
      join: 'nango.join',
      leave: 'nango.leave',
      issueLink: 'nango.issueLink',
      extend: 'nango.extend',
      decline: 'nango.decline',
      decide: 'nango.decide',
      remind: 'nango.remind',
      cancel: 'nango.cancel',
      pause: 'nango.pause',
      resume: 'nango.resume',
      stop: 'nango.stop',
    },
    REQUEST_VIEW: 'nango.request',
    BULK_PROGRESS: 'nango.bulk',
    MADE_BY_COMMAND: 'nango.schedule',
    TAG: {
      managedBy: 'managed_by',
      endUserId: 'end_user_id',
      endUserEmail: 'end_user_email',
      endUserDisplayName: 'end_user_display_name',
      organizationId: 'organization_id',
      environment: 'tn_environment',
      slot: 'tn_slot',
      nonce: 'tn_nonce',
      account: 'tn_account',
      newAccount: 'tn_new_account',
    },
    MANAGED_BY: 'temporal-nango',
    MANAGED_BY_RENEWED: 'temporal-nango-renewed',
    CLIENT_JOIN_ID: 'client',
    BULK_ID_PREFIX: 'nango-bulk/',
  });
});

test('error types stay as they are', () => {
  expect(Object.keys(MESSAGES).sort()).toEqual([
    'Nango.AccountChanged',
    'Nango.ActionFailed',
    'Nango.ActionInvalid',
    'Nango.ActionNotFound',
    'Nango.BadResponse',
    'Nango.BulkFailed',
    'Nango.ConnectionAmbiguous',
    'Nango.ConnectionDeclined',
    'Nango.ConnectionNotFound',
    'Nango.ConnectionTimedOut',
    'Nango.Forbidden',
    'Nango.IntegrationNotFound',
    'Nango.InvalidRequest',
    'Nango.Misconfigured',
    'Nango.NoWorker',
    'Nango.NotifierFailed',
    'Nango.OutcomeUnknown',
    'Nango.PlanLimit',
    'Nango.ProviderRateLimited',
    'Nango.ProviderRejected',
    'Nango.ProviderUnavailable',
    'Nango.RateLimited',
    'Nango.ReconnectRequired',
    'Nango.RefreshFailing',
    'Nango.RequestCancelled',
    'Nango.ResponseTooLarge',
    'Nango.TemporalUnavailable',
    'Nango.Unavailable',
  ]);
});
