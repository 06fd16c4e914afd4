import * as z from 'zod/mini';
import { matchRun, needsRun, type Checkout } from '../../../beads/gates/discover.ts';
import { listGates } from '../../../beads/gates/gates.ts';
import { createGitHub } from '../../../beads/gates/github.ts';
import type { AppContext } from '../../../context.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.array(
  z.object({
    gate_id: z.string(),
    run_id: z.nullable(z.string()),
    workflow: z.string(),
    updated: z.boolean(),
  }),
);

const MAX_AGE_MS = 30 * 60_000;

/** Gives gh:run gates the number of the run that they most likely mean. */
export const run = onLedger(async ({ app, input, home, writer }) => {
  const isDry = input.bool('dry-run');
  const write = isDry ? undefined : await writer();
  const gates = (await listGates(home, { all: false })).filter(needsRun);
  if (gates.length === 0) return { data: [], text: 'No gate waits for a run without a number' };
  const cwd = input.flag('directory') ?? app.cwd;
  const checkout = await readCheckout(app, cwd);
  const branch = input.flag('branch') ?? checkout.branch;
  const github = createGitHub({ processes: app.machine.processes, env: app.env, cwd });
  const runs = await github.runs({
    limit: input.number('limit') ?? 10,
    ...(branch === '' ? {} : { branch }),
  });
  const search = {
    checkout: { ...checkout, branch },
    now: app.machine.clock.now(),
    maxAgeMs: input.duration('max-age') ?? MAX_AGE_MS,
  };
  const found = [];
  for (const gate of gates) {
    const match = matchRun(gate, runs, search);
    if (match !== undefined) {
      await write?.(home, `update ${gate.id}`, (tx) => tx.update(gate.id, { awaitId: match.id }));
    }
    found.push({
      gate_id: gate.id,
      run_id: match?.id ?? null,
      workflow: match?.workflow ?? '',
      updated: match !== undefined && !isDry,
    });
  }
  const lines = found.map(({ gate_id, run_id, workflow }) =>
    run_id === null
      ? `✗ ${gate_id}  no run found`
      : `✓ ${gate_id}  ${isDry ? 'would wait' : 'waits'} for run ${run_id} (${workflow})`,
  );
  return { data: found, text: lines.join('\n') };
});

async function readCheckout(app: AppContext, cwd: string): Promise<Checkout> {
  const result = await app.machine.processes.run({
    argv: ['git', 'log', '-1', '--format=%H%n%D'],
    cwd,
    env: app.env,
    timeoutMs: 10_000,
  });
  const [sha = '', names = ''] = result.end === 'exit' && result.code === 0 ? result.stdout.split('\n') : [];
  return { sha, branch: /HEAD -> ([^,]+)/.exec(names)?.[1] ?? '' };
}
