/** The workflows of the pages, for one worker. */
export * from './bulk';
export * from './calls';
export * from './discovery';
export * from './errors';
export * from './healing';
export * from './readme';
export * from './scopes';
export * from './security';
