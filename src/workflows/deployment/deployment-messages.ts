import { defineQuery, defineUpdate } from '@temporalio/workflow';
import { DEPLOYMENT_VIEW, UPDATE } from '../../contract/names';
import type { DeploymentJoin, DeploymentRef, DeploymentStatus, DeploymentView } from '../../contract/types';
import type { Operation } from '../request/request-checks';

/** What may be said to the deployment of a function. */

export const joinDeploymentUpdate = defineUpdate<DeploymentRef, [DeploymentJoin]>(UPDATE.joinDeployment);
export const approveDeploymentUpdate = defineUpdate<DeploymentStatus, [Operation & { by: string }]>(
  UPDATE.approveDeployment,
);
export const declineDeploymentUpdate = defineUpdate<DeploymentStatus, [Operation]>(UPDATE.decline);
export const deploymentViewQuery = defineQuery<DeploymentView>(DEPLOYMENT_VIEW);
