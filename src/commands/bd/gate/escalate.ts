import type { Bead } from '../../../beads/types.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import type { BdHome } from '../open.ts';
import type { Write } from '../write.ts';

interface Escalation {
  readonly app: AppContext;
  readonly beads: BdHome;
  readonly write: Write;
}

const ESCALATE_TIMEOUT_MS = 30_000;

/** Writes the failure onto the gate, once per reason, and tells the town. @returns warnings */
export async function escalateGate(
  { app, beads, write }: Escalation,
  gate: Bead,
  why: string,
): Promise<readonly string[]> {
  const text = `Needs attention: ${why}`;
  const known = await beads.home.comments(gate.id);
  if (known.some((comment) => comment.text === text)) return [];
  await write(beads.home, `comment ${gate.id}`, (tx) => tx.comment(gate.id, text));
  if (beads.town === undefined) return [];
  const result = await app.machine.processes.run({
    argv: [
      ...app.gtArgv,
      'escalate',
      `Gate ${gate.id}: ${oneLine(why)}`,
      '-s',
      'HIGH',
      '-m',
      `${gate.awaitType} ${gate.awaitId}`,
    ],
    cwd: beads.town.root,
    env: app.env,
    timeoutMs: ESCALATE_TIMEOUT_MS,
  });
  if (result.end === 'exit' && result.code === 0) return [];
  return [
    `${gate.id}: the comment is written, but gt escalate failed: ${oneLine(result.stderr) || result.end}`,
  ];
}
