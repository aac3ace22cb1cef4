import { testSchedules } from './schedule-promises';

// The same with many firings: test/long/hourly-schedule.test.ts.
testSchedules(5);
