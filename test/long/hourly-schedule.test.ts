import { testSchedules } from '../examples/schedule-promises';

testSchedules(30);
