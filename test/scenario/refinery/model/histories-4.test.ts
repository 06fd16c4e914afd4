import { testHistories } from './check-histories.ts';

testHistories(4);
