import { testKilledEngines } from './kill-9-histories.ts';

testKilledEngines(2, 50);
