import { join } from 'node:path';
import type { TownBase } from './base.ts';

/** Somebody has frozen the agents, of the town (`ESTOP`) or of one rig (`ESTOP.<rig>`). */
export interface Estop {
  /** Undefined = the whole town. */
  readonly rig: string | undefined;
  /** Unix ms; undefined when the file does not say. */
  readonly since: number | undefined;
  readonly reason: string;
}

/** All that are set: the file counts, whatever it holds (`manual|auto<TAB>RFC3339<TAB>reason`). */
export async function readEstops({
  root,
  ports,
}: Pick<TownBase, 'root' | 'ports'>): Promise<readonly Estop[]> {
  const names = ((await ports.files.list(root)) ?? []).map(({ name }) => name);
  const set = names.filter((name) => name === 'ESTOP' || name.startsWith('ESTOP.'));
  return Promise.all(
    set.map(async (name) => {
      const text = await ports.files.readText(join(root, name)).catch(() => undefined);
      const [, time = '', reason = ''] = (text ?? '').trim().split('\t');
      const since = Date.parse(time);
      return { rig: name.split('.')[1], since: Number.isNaN(since) ? undefined : since, reason };
    }),
  );
}
