import { bd } from '../../cli/bd-program.ts';
import { openBeads } from '../bd/open.ts';
import { complete } from './complete.ts';

export const described = { run: complete({ program: bd, open: openBeads, isDescribed: true }) };
export const plain = { run: complete({ program: bd, open: openBeads, isDescribed: false }) };
