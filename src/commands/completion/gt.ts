import { gt } from '../../cli/registry.ts';
import type { AppContext } from '../../context.ts';
import { complete } from './complete.ts';
import type { ValueSource } from './values.ts';

async function open(app: AppContext): Promise<ValueSource> {
  const town = await app.town();
  return { town, ledgers: town.ledgers };
}

export const described = { run: complete({ program: gt, open, isDescribed: true }) };
export const plain = { run: complete({ program: gt, open, isDescribed: false }) };
