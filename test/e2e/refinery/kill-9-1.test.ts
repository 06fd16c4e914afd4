import { testKilledEngines } from './kill-9-histories.ts';

testKilledEngines(1, 50);
